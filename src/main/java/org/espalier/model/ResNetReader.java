package org.espalier.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.espalier.text.Quoted;

/**
 * Reads off names and shapes which CIFAR ResNet some weights belong to: {@code conv1}, {@code bn1}, {@code layer1.0.conv1} to {@code
 * layer3.(n-1).bn2}, and {@code linear}, which may be called {@code fc}. Parameter-free shortcuts leave no trace in a file, so that the usual
 * one, {@link Shortcut#SUBSAMPLE}, is assumed.
 */
final class ResNetReader {
    private static final String EXPECTED = "expected was a CIFAR ResNet: conv1, bn1, layer1.0.conv1 ... layer3.N.bn2, linear (or fc)";

    private ResNetReader() {
    }

    /** @throws IllegalArgumentException when they belong to no CIFAR ResNet */
    static Network network(Weights given) {
        Weights weights = withLinear(given);
        requireKnownKind(weights);
        int blocks = blocks(weights, 1);
        if (blocks == 0 || blocks(weights, 2) != blocks || blocks(weights, 3) != blocks) {
            throw new IllegalArgumentException("its three stages have " + blocks + ", " + blocks(weights, 2) + " and " + blocks(weights, 3)
                    + " blocks, but a CIFAR ResNet (of depth 6n+2) has n in each; " + EXPECTED + ", found were " + first(weights));
        }
        List<Integer> stages = new ArrayList<>();
        List<Integer> inner = new ArrayList<>();
        for (int stage = 1; stage <= 3; stage++) {
            stages.add(convolution(weights, "layer" + stage + ".0.conv2.weight")[0]);
            for (int block = 0; block < blocks; block++) {
                inner.add(convolution(weights, "layer" + stage + "." + block + ".conv1.weight")[0]);
            }
        }
        int channels = convolution(weights, "conv1.weight")[1];
        int classes = shape(weights, "linear.weight", 2)[0];
        return new Network(new CifarResNet(6 * blocks + 2, stages, inner, channels, classes, Shortcut.SUBSAMPLE), weights);
    }

    private static Weights withLinear(Weights weights) {
        Map<String, Tensor> renamed = new LinkedHashMap<>();
        boolean fc = !weights.tensors().containsKey("linear.weight");
        weights.tensors().forEach((name, tensor) -> renamed.put(fc && name.startsWith("fc.") ? "linear." + name.substring(3) : name, tensor));
        return new Weights(renamed);
    }

    private static void requireKnownKind(Weights weights) {
        for (String name : weights.tensors().keySet()) {
            if (name.startsWith("layer4.")) {
                throw new IllegalArgumentException("its tensor " + Quoted.name(name) + " belongs to a fourth stage, as ResNets for larger "
                        + "images have it, but only CIFAR ResNets (of depth 6n+2, with three stages) can be loaded");
            }
        }
        for (String name : weights.tensors().keySet()) {
            if (name.contains("downsample") || name.contains("shortcut")) {
                throw new IllegalArgumentException("its tensor " + Quoted.name(name) + " belongs to a shortcut with weights (\"option B\"), "
                        + "but only networks with parameter-free shortcuts (\"option A\") can be loaded; train or export one of those");
            }
        }
    }

    private static int blocks(Weights weights, int stage) {
        // By any tensor of theirs, so that one that is missing is missed by its name.
        Pattern block = Pattern.compile("layer" + stage + "\\.(0|[1-9]\\d{0,3})\\..*", Pattern.DOTALL);
        Set<Integer> numbers = weights.tensors().keySet().stream().map(block::matcher).filter(Matcher::matches)
                .map(match -> Integer.parseInt(match.group(1))).collect(Collectors.toSet());
        int blocks = 0;
        while (numbers.contains(blocks)) {
            blocks++;
        }
        return blocks;
    }

    private static int[] convolution(Weights weights, String name) {
        int[] shape = shape(weights, name, 4);
        if (shape[2] != 3 || shape[3] != 3) {
            throw new IllegalArgumentException("its " + name + " is a convolution of " + shape[2] + " x " + shape[3]
                    + ", but CIFAR ResNets have 3 x 3 everywhere; networks for larger images can't be loaded");
        }
        return shape;
    }

    private static int[] shape(Weights weights, String name, int rank) {
        Tensor tensor = weights.tensors().get(name);
        if (tensor == null) {
            throw new IllegalArgumentException("it has no " + name + "; " + EXPECTED + ", found were " + first(weights));
        }
        if (tensor.shape().length != rank) {
            throw new IllegalArgumentException("its " + name + " has the shape " + Arrays.toString(tensor.shape()) + ", but " + rank
                    + " axes were expected");
        }
        return tensor.shape();
    }

    private static String first(Weights weights) {
        List<String> names = weights.tensors().keySet().stream().limit(5).map(Quoted::name).toList();
        return weights.tensors().size() + " tensors" + (names.isEmpty() ? "" : ", first " + String.join(", ", names));
    }
}
