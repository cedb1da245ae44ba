package org.espalier.engine.cpu;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One layer with weights, as a value: what it is called, which tensors it owns, what it costs. An {@link Architecture} lists its layers in
 * the order of the forward pass.
 */
public sealed interface Layer {

    String name();

    /** The tensors by their PyTorch names, with their shapes, in {@code state_dict} order; running statistics included. */
    Map<String, int[]> shapes();

    /** Trained numbers; running statistics don't count. */
    long parameters();

    /** Multiply-adds for one image whose sides are {@code height} and {@code width}; batch norm, activations and pools don't count. */
    long macs(int height, int width);

    /**
     * A square convolution without bias, zero-padded so that stride 1 keeps the size; its output is {@code scale} times smaller than
     * the image: rounded down where {@code pooled}, as max pools do, and up where strides halve.
     */
    record Conv(String name, int in, int out, int kernel, int stride, int scale, boolean pooled) implements Layer {
        @Override
        public Map<String, int[]> shapes() {
            return Map.of(name + ".weight", new int[] {out, in, kernel, kernel});
        }

        @Override
        public long parameters() {
            return (long) out * in * kernel * kernel;
        }

        @Override
        public long macs(int height, int width) {
            return parameters() * side(height) * side(width);
        }

        private long side(int length) {
            return pooled ? length / scale : (length + scale - 1) / scale;
        }
    }

    /** Batch normalisation, eps 1e-5 and momentum 0.1 in PyTorch's counting. */
    record Norm(String name, int width) implements Layer {
        @Override
        public Map<String, int[]> shapes() {
            Map<String, int[]> shapes = new LinkedHashMap<>();
            for (String part : new String[] {".weight", ".bias", ".running_mean", ".running_var"}) {
                shapes.put(name + part, new int[] {width});
            }
            return shapes;
        }

        @Override
        public long parameters() {
            return 2L * width;
        }

        @Override
        public long macs(int height, int width) {
            return 0;
        }
    }

    /** A fully connected layer with bias. */
    record Linear(String name, int in, int out) implements Layer {
        @Override
        public Map<String, int[]> shapes() {
            Map<String, int[]> shapes = new LinkedHashMap<>();
            shapes.put(name + ".weight", new int[] {out, in});
            shapes.put(name + ".bias", new int[] {out});
            return shapes;
        }

        @Override
        public long parameters() {
            return (long) in * out + out;
        }

        @Override
        public long macs(int height, int width) {
            return (long) in * out;
        }
    }
}
