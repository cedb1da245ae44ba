package org.espalier.engine.cpu;

import java.util.Optional;
import org.espalier.engine.Computation;
import org.espalier.engine.Parameters;
import org.espalier.model.Architecture;

/** Opens the fast path for CPUs, and says which networks it can compute. */
public final class FastPath {
    private FastPath() {
    }

    /**
     * Says why the fast path can't compute this network here; empty where it can. Networks such as VGG, with pools between their convolutions and
     * linear layers, have more weights than activations, and each shard would read all of them.
     */
    public static Optional<String> obstacle(Architecture architecture) {
        Optional<FusedPlan> plan = FusedPlan.of(architecture.graph());
        if (plan.isEmpty() || plan.get().units().stream().anyMatch(unit -> unit.before() != Pool.NONE || !(unit.layer() instanceof Layer.Conv))) {
            return Optional.of("shards of a batch are for networks of convolutions, each with a norm and a ReLU, without pools between them, "
                    + "not for this network");
        }
        return plan.get().units().stream().map(unit -> obstacle(unit.layer())).flatMap(Optional::stream).findFirst()
                .or(() -> OneDnn.missing().map(why -> "shards of a batch need oneDNN, which can't be loaded: " + why));
    }

    static Optional<String> obstacle(Layer layer) {
        return layer instanceof Layer.Conv conv && conv.kernel() == 1 && conv.stride() > 1
                ? Optional.of(conv.name() + " has a 1 x 1 kernel and a stride of " + conv.stride() + ", whose gradients oneDNN 3.8.1 writes outside of their memory")
                : Optional.empty();
    }

    /** Whether Winograd's filtering is the faster one on this processor: with AVX2 and without AVX-512. Needs oneDNN. */
    public static boolean prefersWinograd() {
        return OneDnn.computesWithAvx2();
    }

    /** Names the library that computes convolutions, with its version; or says why it isn't there. */
    public static String library() {
        return OneDnn.description();
    }

    /**
     * Opens it for a network without {@linkplain #obstacle(Architecture) obstacle}.
     *
     * @param parameters with channels last, on a CPU
     * @param winograd   whether 3 x 3 convolutions are computed by Winograd's minimal filtering where it pays
     */
    public static Computation open(Architecture architecture, Parameters parameters, boolean winograd) {
        return new ShardedBatch(FusedPlan.of(architecture.graph()).orElseThrow(), parameters, winograd);
    }
}
