package org.espalier.model.loading;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.espalier.model.Names;
import org.espalier.model.families.CifarResNet;
import org.espalier.model.families.Shortcut;

/**
 * Recognises CIFAR ResNets of basic blocks by {@code conv1}, {@code bn1}, {@code layer1.0.conv1} to {@code layer3.(n-1).bn2}, and one linear
 * layer of any name. Shortcuts with weights are called {@code shortcut} or {@code downsample}; those without leave no trace in names and shapes:
 * {@link ShortcutClues} weighs what else there is.
 */
final class CifarResNetRecogniser {
    private static final String EXPECTED = "expected was a CIFAR ResNet: conv1, bn1, layer1.0.conv1 ... layer3.N.bn2, linear (or fc)";
    private static final Pattern IN_BLOCK = Pattern.compile("layer[1-9]\\d?\\.\\d{1,4}\\..*", Pattern.DOTALL);

    private CifarResNetRecogniser() {
    }

    static Optional<Recognised> recognise(Clues clues) {
        if (clues.shapes().keySet().stream().noneMatch(name -> IN_BLOCK.matcher(name).matches())) {
            return Optional.empty();
        }
        OtherResNets.refuse(clues.shapes());
        int blocks = clues.numbered("layer1.");
        if (blocks == 0 || clues.numbered("layer2.") != blocks || clues.numbered("layer3.") != blocks) {
            throw new IllegalArgumentException("its three stages have " + blocks + ", " + clues.numbered("layer2.") + " and " + clues.numbered("layer3.")
                    + " blocks, but a CIFAR ResNet (of depth 6n+2) has n in each; " + EXPECTED + ", found were " + clues.found());
        }
        List<Integer> stages = new ArrayList<>();
        List<Integer> inner = new ArrayList<>();
        for (int stage = 1; stage <= 3; stage++) {
            stages.add(convolution(clues, "layer" + stage + ".0.conv2.weight")[0]);
            for (int block = 0; block < blocks; block++) {
                inner.add(convolution(clues, "layer" + stage + "." + block + ".conv1.weight")[0]);
            }
        }
        int[] stem = convolution(clues, "conv1.weight");
        String head = clues.head("linear", "fc");
        int classes = clues.shape(head + ".weight", 2, EXPECTED)[0];
        Optional<String> projection = List.of("shortcut", "downsample").stream().filter(word -> clues.has("layer3.0." + word + ".0.weight")
                || clues.has("layer2.0." + word + ".0.weight")).findFirst();
        ShortcutClues shortcut = projection.isPresent() ? projections(clues, projection.get()) : ShortcutClues.of(clues, head, inner);
        CifarResNet network = new CifarResNet(6 * blocks + 2, stem[0], stages, inner, stem[1], classes, shortcut.shortcut());
        Map<String, String> names = new HashMap<>(Map.of("linear.weight", head + ".weight", "linear.bias", head + ".bias"));
        projection.ifPresent(word -> network.shapes().keySet().forEach(name -> names.putIfAbsent(name, name.replace(".shortcut.", "." + word + "."))));
        return Optional.of(new Recognised(network, new Names(names), shortcut.assumed()));
    }

    private static ShortcutClues projections(Clues clues, String word) {
        if (clues.shortcut().filter(said -> said != Shortcut.PROJECTION).isPresent()) {
            throw new IllegalArgumentException("its shortcuts have weights (layer2.0." + word + ".0.weight), so they aren't Shortcut."
                    + clues.shortcut().get() + "; load it without one");
        }
        return new ShortcutClues(Shortcut.PROJECTION, Optional.empty());
    }

    private static int[] convolution(Clues clues, String name) {
        int[] shape = clues.shape(name, 4, EXPECTED);
        if (shape[2] != 3 || shape[3] != 3) {
            throw new IllegalArgumentException("its " + name + " is a convolution of " + shape[2] + " x " + shape[3]
                    + ", but CIFAR ResNets of basic blocks have 3 x 3 everywhere");
        }
        return shape;
    }
}
