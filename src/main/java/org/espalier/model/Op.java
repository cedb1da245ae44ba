package org.espalier.model;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * An operation of a network: what shape it puts out, which tensors it owns, and what it costs. The set is closed, because engines, channel
 * groups and files have to know each of them; networks are made of these by listing {@link GraphNode nodes}.
 */
public sealed interface Op {

    /** The shape that comes out, by default that of the one input. @throws IllegalArgumentException when the inputs don't fit */
    default FeatureMap output(List<FeatureMap> inputs) {
        return only(inputs);
    }

    /** The tensors that it owns: what follows the node's name and a dot, and the shape, in the order of PyTorch's {@code state_dict}. */
    default Map<String, int[]> tensors() {
        return Map.of();
    }

    /** Multiply-adds for one image, of an output of this shape; only convolutions and linear layers count. */
    default long macs(FeatureMap output) {
        return 0;
    }

    /** A square convolution, weight [out, in / groups, kernel, kernel]; zero padding on all sides. */
    record Conv2d(int in, int out, int kernel, int stride, int padding, int groups, boolean bias) implements Op {
        public Conv2d {
            requirePositive("a convolution", in, out, kernel, stride, groups);
            if (in % groups != 0 || out % groups != 0) {
                throw new IllegalArgumentException("a convolution's " + in + " inputs and " + out + " outputs don't divide into " + groups + " groups");
            }
        }

        /** Without bias, padded so that stride 1 keeps the size. */
        public static Conv2d of(int in, int out, int kernel, int stride) {
            return new Conv2d(in, out, kernel, stride, kernel / 2, 1, false);
        }

        /** Each channel has a filter of its own. */
        public static Conv2d depthwise(int channels, int kernel, int stride) {
            return new Conv2d(channels, channels, kernel, stride, kernel / 2, channels, false);
        }

        public boolean isDepthwise() {
            return groups > 1 && groups == in && groups == out;
        }

        @Override
        public FeatureMap output(List<FeatureMap> inputs) {
            requireChannels(in, only(inputs));
            return windows(only(inputs), kernel, stride, padding).withChannels(out);
        }

        @Override
        public Map<String, int[]> tensors() {
            Map<String, int[]> tensors = new LinkedHashMap<>();
            tensors.put("weight", new int[] {out, in / groups, kernel, kernel});
            if (bias) {
                tensors.put("bias", new int[] {out});
            }
            return tensors;
        }

        @Override
        public long macs(FeatureMap output) {
            return (long) out * (in / groups) * kernel * kernel * output.pixels();
        }
    }

    /** Batch normalisation with scale and shift. Also behind linear layers. */
    record BatchNorm(int channels) implements Op {
        public static final double EPSILON = 1e-5;
        /** Of the running statistics, in PyTorch's counting: the part of a batch in them. */
        public static final double MOMENTUM = .1;

        public BatchNorm {
            requirePositive("a batch norm", channels);
        }

        @Override
        public FeatureMap output(List<FeatureMap> inputs) {
            requireChannels(channels, only(inputs));
            return only(inputs);
        }

        @Override
        public Map<String, int[]> tensors() {
            Map<String, int[]> tensors = new LinkedHashMap<>();
            for (String part : List.of("weight", "bias", "running_mean", "running_var")) {
                tensors.put(part, new int[] {channels});
            }
            return tensors;
        }
    }

    /** A fully connected layer with bias, weight [out, in]. */
    record Linear(int in, int out) implements Op {
        public Linear {
            requirePositive("a linear layer", in, out);
        }

        @Override
        public FeatureMap output(List<FeatureMap> inputs) {
            FeatureMap x = only(inputs);
            if (x.pixels() != 1) {
                throw new IllegalArgumentException("a linear layer takes one value per channel, not maps of " + x.height() + " x " + x.width()
                        + " pixels; a pool or Flatten belongs before it");
            }
            requireChannels(in, x);
            return new FeatureMap(out, 1, 1);
        }

        @Override
        public Map<String, int[]> tensors() {
            Map<String, int[]> tensors = new LinkedHashMap<>();
            tensors.put("weight", new int[] {out, in});
            tensors.put("bias", new int[] {out});
            return tensors;
        }

        @Override
        public long macs(FeatureMap output) {
            return (long) in * out;
        }
    }

    /** max(x, 0). */
    record Relu() implements Op {
    }

    /** min(max(x, 0), 6). */
    record Relu6() implements Op {
    }

    /** The largest of each window; pixels that fill no window are left out. */
    record MaxPool(int kernel, int stride, int padding) implements Op {
        @Override
        public FeatureMap output(List<FeatureMap> inputs) {
            return windows(only(inputs), kernel, stride, padding);
        }
    }

    /** The mean of each window, without padding; a window of 1 takes every {@code stride}-th pixel. */
    record AvgPool(int kernel, int stride) implements Op {
        @Override
        public FeatureMap output(List<FeatureMap> inputs) {
            return windows(only(inputs), kernel, stride, 0);
        }
    }

    /** The mean over all pixels, one value per channel. */
    record GlobalAvgPool() implements Op {
        @Override
        public FeatureMap output(List<FeatureMap> inputs) {
            return new FeatureMap(only(inputs).channels(), 1, 1);
        }
    }

    /** Pixel for pixel, of two or more inputs of one shape. */
    record Add() implements Op {
        @Override
        public FeatureMap output(List<FeatureMap> inputs) {
            if (inputs.size() < 2 || inputs.stream().distinct().count() > 1) {
                throw new IllegalArgumentException("an addition takes two or more inputs of one shape, not " + inputs);
            }
            return inputs.get(0);
        }
    }

    /** The channels of all inputs, one input after the other. */
    record Concat() implements Op {
        @Override
        public FeatureMap output(List<FeatureMap> inputs) {
            if (inputs.isEmpty() || inputs.stream().map(x -> x.withChannels(1)).distinct().count() > 1) {
                throw new IllegalArgumentException("a concatenation takes inputs of the same height and width, not " + inputs);
            }
            return inputs.get(0).withChannels(inputs.stream().mapToInt(FeatureMap::channels).sum());
        }
    }

    /** Zero channels before and behind those that come in: the parameter-free shortcut ("option A") of CIFAR ResNets. */
    record PadChannels(int before, int behind) implements Op {
        @Override
        public FeatureMap output(List<FeatureMap> inputs) {
            return only(inputs).withChannels(before + only(inputs).channels() + behind);
        }
    }

    /**
     * Each pixel of each channel becomes a channel, channel by channel, as PyTorch's view(n, -1) has it.
     *
     * @param pixels of each channel
     */
    record Flatten(int pixels) implements Op {
        @Override
        public FeatureMap output(List<FeatureMap> inputs) {
            FeatureMap x = only(inputs);
            if (x.pixels() != pixels) {
                throw new IllegalArgumentException("the linear layer behind takes " + pixels + " pixels a channel, but " + x.height() + " x "
                        + x.width() + " come in: images of another size than the network was made for");
            }
            return new FeatureMap(x.channels() * pixels, 1, 1);
        }
    }

    /** Trained numbers; running statistics don't count. */
    default long parameters() {
        return tensors().entrySet().stream().filter(tensor -> isTrained(tensor.getKey()))
                .mapToLong(tensor -> IntStream.of(tensor.getValue()).asLongStream().reduce(1, (a, b) -> a * b)).sum();
    }

    /** Whether gradient descent changes a tensor of this name; batch norm's running statistics move by themselves. */
    static boolean isTrained(String tensor) {
        return !tensor.endsWith("running_mean") && !tensor.endsWith("running_var");
    }

    private static FeatureMap only(List<FeatureMap> inputs) {
        if (inputs.size() != 1) {
            throw new IllegalArgumentException("it takes one input, not " + inputs.size());
        }
        return inputs.get(0);
    }

    private static void requireChannels(int expected, FeatureMap x) {
        if (x.channels() != expected) {
            throw new IllegalArgumentException("it takes " + expected + " channels, but " + x.channels() + " come in");
        }
    }

    private static void requirePositive(String what, int... numbers) {
        for (int number : numbers) {
            if (number < 1) {
                throw new IllegalArgumentException(what + " has at least 1 channel in and out and a kernel, stride and groups of at least 1, not "
                        + number);
            }
        }
    }

    private static FeatureMap windows(FeatureMap x, int kernel, int stride, int padding) {
        return new FeatureMap(x.channels(), Math.floorDiv(x.height() + 2 * padding - kernel, stride) + 1, Math.floorDiv(x.width() + 2 * padding - kernel, stride) + 1);
    }
}
