package org.espalier.engine.cpu;

import java.util.Map;
import java.util.Optional;
import org.espalier.engine.Computation;
import org.espalier.engine.device.Parameters;
import org.espalier.model.Architecture;
import org.espalier.model.FeatureMap;
import org.espalier.model.GraphNode;
import org.espalier.model.Op;

/** Opens the fast path for CPUs, and says which networks it can compute. */
public final class FastPath {
    /** Measured: CIFAR's ResNets, of 16 to 64 channels, do better without it; VGG gains, of 64 to 512, and ImageNet's ResNets in evaluation. */
    private static final int WIDE = 64;

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
     * Whether 3 x 3 convolutions are faster by Winograd's filtering on this processor: with AVX2 alone, always; with AVX-512, where the direct way is
     * faster too, in networks with most of that work in layers of {@value #WIDE} channels or more. Needs oneDNN.
     */
    public static boolean prefersWinograd(Architecture architecture) {
        if (OneDnn.computesWithAvx2()) {
            return true;
        }
        Map<String, FeatureMap> shapes = architecture.graph().shapes(architecture.image());
        long wide = 0;
        long all = 0;
        for (GraphNode node : architecture.graph().nodes()) {
            if (node.op() instanceof Op.Conv2d conv && conv.kernel() == WinogradFilters.SIDE && conv.stride() == 1 && conv.groups() == 1) {
                long macs = conv.macs(shapes.get(node.name()));
                all += macs;
                wide += Math.min(conv.in(), conv.out()) >= WIDE ? macs : 0;
            }
        }
        return 2 * wide > all;
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
