package org.espalier.model;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.commons.math3.random.RandomGenerator;
import org.espalier.random.Randomness;

/** New networks: weights drawn as their architecture's {@link Initialisation} says, each layer's from a random stream of its own. */
public final class Initial {
    private Initial() {
    }

    /** A network that knows nothing yet; the same seed gives the same weights. */
    public static Network network(Architecture architecture, long seed) {
        Initialisation initialisation = architecture.initialisation();
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        int index = 0;
        for (GraphNode node : architecture.nodes()) {
            Map<String, int[]> shapes = node.op().tensors();
            if (!shapes.isEmpty()) {
                RandomGenerator random = Randomness.of(seed, "initial", index++);
                shapes.forEach((part, shape) -> tensors.put(node.name() + "." + part, initialisation.tensor(node.op(), part, shape, random)));
            }
        }
        return new Network(architecture, new Weights(tensors));
    }
}
