package org.espalier.model.loading;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.espalier.model.Architecture;
import org.espalier.model.families.CifarBottleneck;
import org.espalier.model.families.DenseNet;
import org.espalier.model.families.ImageNetVgg;
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
        int groups = cardinality(clues);
        return Optional.of(new ResNet(depth.getAsInt(), stem[2] == 7 ? ResNet.Stem.USUAL : ResNet.Stem.SMALL, groups,
                groups > 1 ? Math.max(2, clues.shapes().get("layer1.0.conv2.weight")[1]) : depth.getAsInt() < 50 ? 64 : Math.max(64, filters(clues, "layer1.0.conv1")),
                stem[1], classes(clues, "fc")));
    }

    /** Groups of the bottlenecks' 3x3 convolutions: each reads a part of what the 1x1 convolution before puts out. */
    private static int cardinality(Clues clues) {
        int[] reduced = clues.shapes().get("layer1.0.conv1.weight");
        int[] grouped = clues.shapes().get("layer1.0.conv2.weight");
        boolean both = clues.has("layer1.0.conv3.weight") && reduced != null && grouped != null && reduced.length == 4 && grouped.length == 4 && grouped[1] > 0;
        return both ? Math.max(1, reduced[0] / grouped[1]) : 1;
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
        if (even && cardinality(clues) > 1) {
            throw new IllegalArgumentException("it is a ResNeXt for small images, three stages of " + blocks + " bottlenecks with " + cardinality(clues)
                    + " groups; of ResNeXts only torchvision's four stages can be loaded");
        }
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

    /** A sequence of convolutions, and one linear layer or three, in any of the layouts. */
    static Optional<Architecture> vgg(Clues clues) {
        if (clues.has("classifier.1.running_mean")) {
            return Optional.empty(); // A hidden layer with batch norm: the paper's.
        }
        return List.of(11, 13, 16, 19).stream().flatMap(depth -> clues.has("classifier.6.weight")
                ? Arrays.stream(ImageNetVgg.Norm.values()).map(norm -> new ImageNetVgg(depth, norm, 3, 1))
                : Arrays.stream(VggBn.Layout.values()).map(layout -> new VggBn(depth, layout, 3, 1)))
                .filter(vgg -> convolutions(vgg.shapes()).equals(convolutions(clues.shapes()))).findFirst().map(vgg -> vgg instanceof ImageNetVgg large
                        ? new ImageNetVgg(large.depth(), large.norm(), stem(clues, "features.0", "a VGG-" + large.depth())[1], classes(clues, "classifier.6"))
                        : withHead((VggBn) vgg, clues));
    }

    private static VggBn withHead(VggBn vgg, Clues clues) {
        String first = vgg.layout() == VggBn.Layout.USUAL ? "features.0" : "feature.0";
        return new VggBn(vgg.depth(), vgg.layout(), stem(clues, first, "a VGG-" + vgg.depth())[1], classes(clues, "classifier"));
    }

    /** The convolutions' tensors; what else is missing is missed by its name. */
    private static Set<String> convolutions(Map<String, int[]> shapes) {
        Set<String> convolutions = new TreeSet<>();
        shapes.forEach((name, shape) -> {
            if (shape.length == 4) {
                convolutions.add(name);
                Optional.of(name.replaceFirst("weight$", "bias")).filter(shapes::containsKey).ifPresent(convolutions::add);
            }
        });
        return convolutions;
    }

    private static int filters(Clues clues, String convolution) {
        return clues.shape(convolution + ".weight", 4, "a convolution was expected")[0];
    }

    private static int[] stem(Clues clues, String name, String what) {
        return clues.shape(name + ".weight", 4, "it looks like " + what);
    }

    private static int classes(Clues clues, String head) {
        return clues.shape(clues.head(GroupsRecogniser.usual(head)) + ".weight", 2, "the last layer was expected under a name such as " + head)[0];
    }
}
