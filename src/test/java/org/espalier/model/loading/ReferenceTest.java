package org.espalier.model.loading;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.Device;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.espalier.data.MemoryFormat;
import org.espalier.engine.DeviceNetwork;
import org.espalier.engine.Execution;
import org.espalier.model.Architecture;
import org.espalier.model.Names;
import org.espalier.model.Network;
import org.espalier.model.Tensor;
import org.espalier.model.Weights;
import org.espalier.model.channels.ChannelRemoval;
import org.espalier.text.Sha256;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * PyTorch's answers, by networks that are written in Python in {@code src/test/python/reference_logits.py}, for weights and images that follow from
 * the same formula here. The pruned ones are built there at their widths: two of three channels of every prunable group.
 */
class ReferenceTest {
    private record Reference(String text, boolean pruned, int side, String names, float[] logits) {
        static Reference parse(String line) {
            String[] parts = line.split(" \\| ");
            double[] logits = Arrays.stream(parts[4].trim().split(" ")).mapToDouble(Double::parseDouble).toArray();
            float[] floats = new float[logits.length];
            IntStream.range(0, logits.length).forEach(i -> floats[i] = (float) logits[i]);
            return new Reference(parts[0], parts[1].equals("pruned"), Integer.parseInt(parts[2]), parts[3], floats);
        }

        @Override
        public String toString() {
            return text + (pruned ? ", pruned" : "");
        }
    }

    static List<Reference> references() throws IOException {
        try (var file = ReferenceTest.class.getResourceAsStream("reference-logits.txt")) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8).lines().filter(line -> !line.startsWith("#")).map(Reference::parse).toList();
        }
    }

    @ParameterizedTest
    @MethodSource("references")
    void pyTorchAnswersTheSame(Reference reference) {
        Architecture dense = Architecture.parse(reference.text);
        Network network = new Network(dense, weights(dense));
        if (reference.pruned) {
            network = ChannelRemoval.keep(network, dense.prunable().stream().map(group -> kept(group.width())).toList());
        }
        Map<String, int[]> shapes = network.architecture().shapes();
        StringBuilder names = new StringBuilder();
        shapes.forEach((name, shape) -> names.append(name).append(' ').append(Arrays.toString(shape)).append('\n'));
        assertEquals(reference.names, Sha256.of(names.toString().getBytes(StandardCharsets.UTF_8)).substring(0, 16), () -> "the state dict has other names or shapes:\n" + names);
        Recognised recognised = Recognition.of(new Clues(shapes, Map.of(), Optional.empty()));
        assertEquals(network.architecture(), recognised.architecture());
        assertEquals(Names.OWN, recognised.names());
        float largest = 0;
        for (float logit : reference.logits) {
            largest = Math.max(largest, Math.abs(logit));
        }
        assertArrayEquals(reference.logits, logits(network, reference.side), 1e-4f * largest);
    }

    private static float[] logits(Network network, int side) {
        try (DeviceNetwork device = DeviceNetwork.on(Device.cpu(), network, new Execution.WholeBatch(MemoryFormat.CHANNELS_LAST, 1));
                var mode = device.mode(); var manager = device.manager().newSubManager()) {
            float[] images = new float[2 * 3 * side * side];
            random(12345, images, u -> 2 * u - 1);
            return device.logits(manager.create(images, new Shape(2, 3, side, side))).toFloatArray();
        }
    }

    private static int[] kept(int width) {
        return IntStream.range(0, width).filter(channel -> channel % 3 != 1).toArray();
    }

    private interface Formula {
        double of(double uniform);
    }

    private static Weights weights(Architecture architecture) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        architecture.shapes().forEach((name, shape) -> {
            float[] values = Tensor.filled(0, shape).values();
            int fan = values.length / shape[0];
            random(tensors.size() + 1, values, shape.length > 1 ? u -> (2 * u - 1) * .8 * Math.sqrt(6. / fan)
                    : name.endsWith("running_var") || name.endsWith("weight") ? u -> .5 + u : u -> .2 * u - .1);
            tensors.put(name, Tensor.of(values, shape));
        });
        return new Weights(tensors);
    }

    /** The linear congruential generator of ISO C's example; numbers in [0, 1) put through the formula. */
    private static void random(long seed, float[] values, Formula formula) {
        long state = seed;
        for (int i = 0; i < values.length; i++) {
            state = 1103515245 * state + 12345 & 0x7fffffff;
            values[i] = (float) formula.of(state / 2147483648.);
        }
    }
}
