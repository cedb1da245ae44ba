package org.espalier.engine.cpu;

import java.util.Optional;
import org.espalier.engine.Computation;
import org.espalier.engine.device.Parameters;
import org.espalier.model.Architecture;

/** Opens the fast path for CPUs, and says which networks it can compute. */
public final class FastPath {
    private FastPath() {
    }

    /** Says why the fast path can't compute this network here; empty where it can. */
    public static Optional<String> obstacle(Architecture architecture) {
        if (FusedPlan.of(architecture.graph()).isEmpty()) {
            return Optional.of("shards of a batch are for networks of convolutions, each with a norm behind it, whose outputs go to one or two others "
                    + "and aren't concatenated; not for this network");
        }
        return OneDnn.missing().map(why -> "shards of a batch need oneDNN, which can't be loaded: " + why);
    }

    /**
     * Whether it was faster than whole batches where both were measured: with {@linkplain #prefersWinograd Winograd's filtering} for every network
     * without obstacle; else for those of 3 x 3 convolutions without pools between them, as CIFAR's ResNets are.
     */
    public static boolean pays(Architecture architecture) {
        return prefersWinograd() || FusedPlan.of(architecture.graph()).stream().flatMap(plan -> plan.units().stream())
                .allMatch(unit -> unit.before().isEmpty() && unit.layer().kernel() == 3);
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
     * Opens it.
     *
     * @param parameters of a network without {@linkplain #obstacle(Architecture) obstacle}, with channels last, on a CPU
     * @param winograd   whether 3 x 3 convolutions are computed by Winograd's minimal filtering where it pays
     */
    public static Computation open(Parameters parameters, boolean winograd) {
        return new ShardedBatch(FusedPlan.of(parameters.architecture().graph()).orElseThrow(), parameters, winograd);
    }
}
