package org.espalier.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Recognises CIFAR ResNets of basic blocks by {@code conv1}, {@code bn1}, {@code layer1.0.conv1} to {@code layer3.(n-1).bn2}, and one linear
 * layer of any name. Shortcuts without weights leave no trace in names and shapes: {@link ShortcutClues} weighs what else there is.
 */
final class CifarResNetRecogniser implements Recogniser {
    private static final String EXPECTED = "expected was a CIFAR ResNet: conv1, bn1, layer1.0.conv1 ... layer3.N.bn2, linear (or fc)";
    private static final Pattern IN_BLOCK = Pattern.compile("layer[1-9]\\d?\\.\\d{1,4}\\..*", Pattern.DOTALL);

    @Override
    public Optional<Recognised> recognise(Clues clues) {
        if (clues.shapes().keySet().stream().noneMatch(name -> IN_BLOCK.matcher(name).matches())) {
            return Optional.empty();
        }
        OtherResNets.refuse(clues.shapes());
        int blocks = blocks(clues, 1);
        if (blocks == 0 || blocks(clues, 2) != blocks || blocks(clues, 3) != blocks) {
            throw new IllegalArgumentException("its three stages have " + blocks + ", " + blocks(clues, 2) + " and " + blocks(clues, 3)
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
        if (stem[0] != stages.get(0)) {
            throw new IllegalArgumentException("it is a ResNet of depth " + (6 * blocks + 2) + " whose stem puts out " + stem[0]
                    + " channels and its first stage " + stages.get(0) + "; only networks with equally many can be loaded");
        }
        String head = head(clues, stages.get(2));
        int classes = clues.shape(head + ".weight", 2, EXPECTED)[0];
        ShortcutClues shortcut = ShortcutClues.of(clues, head, inner);
        return Optional.of(new Recognised(new CifarResNet(6 * blocks + 2, stages, inner, stem[1], classes, shortcut.shortcut()),
                new Names(Map.of("linear.weight", head + ".weight", "linear.bias", head + ".bias")), shortcut.assumed()));
    }

    /** The linear layer's name: the usual ones first, then whatever the only matrix is called. */
    private static String head(Clues clues, int features) {
        for (String usual : List.of("linear", "fc")) {
            if (clues.has(usual + ".weight")) {
                return usual;
            }
        }
        List<String> matrices = clues.shapes().entrySet().stream()
                .filter(tensor -> tensor.getKey().endsWith(".weight") && tensor.getValue().length == 2 && tensor.getValue()[1] == features)
                .map(tensor -> tensor.getKey().substring(0, tensor.getKey().length() - ".weight".length())).toList();
        return matrices.size() == 1 ? matrices.get(0) : "linear";
    }

    private static int blocks(Clues clues, int stage) {
        // By any tensor of theirs, so that one that is missing is missed by its name.
        Pattern block = Pattern.compile("layer" + stage + "\\.(0|[1-9]\\d{0,3})\\..*", Pattern.DOTALL);
        Set<Integer> numbers = clues.shapes().keySet().stream().map(block::matcher).filter(Matcher::matches)
                .map(match -> Integer.parseInt(match.group(1))).collect(Collectors.toSet());
        int blocks = 0;
        while (numbers.contains(blocks)) {
            blocks++;
        }
        return blocks;
    }

    private static int[] convolution(Clues clues, String name) {
        int[] shape = clues.shape(name, 4, EXPECTED);
        if (shape[2] != 3 || shape[3] != 3) {
            throw new IllegalArgumentException("its " + name + " is a convolution of " + shape[2] + " x " + shape[3]
                    + ", but CIFAR ResNets have 3 x 3 everywhere; networks for larger images can't be loaded");
        }
        return shape;
    }
}
