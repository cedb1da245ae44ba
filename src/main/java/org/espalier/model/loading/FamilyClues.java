package org.espalier.model.loading;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.espalier.model.Architecture;
import org.espalier.model.Op;
import org.espalier.model.families.CifarBottleneck;
import org.espalier.model.families.DenseNet;
import org.espalier.model.families.MobileNetV2;
import org.espalier.model.families.PreResNet;
import org.espalier.model.families.ResNet;
import org.espalier.model.families.VggBn;

/** Which network of a family some names are, in its usual widths; a new family that goes by its own names adds a method. */
final class FamilyClues {
    /** Deeper ones have nobody trained. */
    private static final int MOST_BLOCKS = 256;

    private FamilyClues() {
    }

    /** Four stages, as in torchvision; with a 7x7 or a 3x3 stem. */
    static Optional<Architecture> resNet(Clues clues) {
        List<Integer> blocks = IntStream.rangeClosed(1, 4).mapToObj(stage -> clues.numbered("layer" + stage + ".")).toList();
        OptionalInt depth = ResNet.depth(blocks, clues.has("layer1.0.conv3.weight"));
        if (depth.isEmpty() || !clues.has("bn1.weight") || clues.has("bn.weight")) {
            return Optional.empty();
        }
        int[] stem = stem(clues, "conv1", "a ResNet-" + depth.getAsInt());
        if (stem[2] != 7 && stem[2] != 3) {
            throw new IllegalArgumentException("it is a ResNet-" + depth.getAsInt() + " whose first convolution is one of " + stem[2] + " x " + stem[3]
                    + ", but 7 x 7 (with a max pool) or 3 x 3 (without) was expected");
        }
        return Optional.of(new ResNet(depth.getAsInt(), stem[2] == 7 ? ResNet.Stem.USUAL : ResNet.Stem.SMALL, stem[1], classes(clues, "fc")));
    }

    /** Three stages of bottlenecks, for small images. */
    static Optional<Architecture> cifarBottleneck(Clues clues) {
        int blocks = bottlenecks(clues);
        return blocks == 0 || !clues.has("bn1.weight") ? Optional.empty() : Optional.of(new CifarBottleneck(6 * blocks + 2,
                stem(clues, "conv1", "a bottleneck ResNet of depth " + (9 * blocks + 2))[1], classes(clues, "fc")));
    }

    /** The same with norms before convolutions. */
    static Optional<Architecture> preResNet(Clues clues) {
        int blocks = bottlenecks(clues);
        return blocks == 0 || !clues.has("bn.weight") || clues.has("bn1.weight") ? Optional.empty() : Optional.of(new PreResNet(9 * blocks + 2,
                stem(clues, "conv1", "a pre-activation bottleneck ResNet of depth " + (9 * blocks + 2))[1], classes(clues, "fc")));
    }

    /** Blocks of each of three stages; 0 where it has others. */
    private static int bottlenecks(Clues clues) {
        int blocks = clues.numbered("layer1.");
        boolean even = blocks == clues.numbered("layer2.") && blocks == clues.numbered("layer3.") && clues.numbered("layer4.") == 0;
        return even && blocks <= MOST_BLOCKS && clues.has("layer1.0.conv3.weight") ? blocks : 0;
    }

    /** Without bottlenecks. */
    static Optional<Architecture> denseNet(Clues clues) {
        int layers = clues.numbered("dense1.");
        boolean even = layers > 0 && layers <= MOST_BLOCKS && layers == clues.numbered("dense2.") && layers == clues.numbered("dense3.");
        return !even || !clues.has("trans1.conv1.weight") || clues.has("dense1.0.conv2.weight") ? Optional.empty()
                : Optional.of(new DenseNet(3 * layers + 4, stem(clues, "conv1", "a DenseNet-" + (3 * layers + 4))[1], classes(clues, "fc")));
    }

    static Optional<Architecture> mobileNetV2(Clues clues) {
        return !clues.has("features.1.conv.0.0.weight") || !clues.has("features.17.conv.0.0.weight") || !clues.has("features.18.0.weight")
                ? Optional.empty() : Optional.of(new MobileNetV2(stem(clues, "features.0.0", "a MobileNetV2")[1], classes(clues, "classifier.1")));
    }

    /** A sequence of convolutions with biases and norms, and one linear layer. */
    static Optional<Architecture> vgg(Clues clues) {
        Set<String> biased = clues.shapes().entrySet().stream().filter(tensor -> tensor.getValue().length == 4).map(tensor -> tensor.getKey()
                .replaceFirst("weight$", "bias")).filter(clues::has).collect(Collectors.toCollection(TreeSet::new));
        return List.of(11, 13, 16, 19).stream().map(depth -> new VggBn(depth, 3, 1)).filter(vgg -> vgg.nodes().stream()
                        .filter(node -> node.op() instanceof Op.Conv2d).map(node -> node.name() + ".bias").collect(Collectors.toSet()).equals(biased))
                .findFirst().map(vgg -> new VggBn(vgg.depth(), stem(clues, "features.0", "a VGG-" + vgg.depth())[1], classes(clues, "classifier")));
    }

    private static int[] stem(Clues clues, String name, String what) {
        return clues.shape(name + ".weight", 4, "it looks like " + what);
    }

    private static int classes(Clues clues, String head) {
        return clues.shape(clues.head(GroupsRecogniser.usual(head)) + ".weight", 2, "the last layer was expected under a name such as " + head)[0];
    }
}
