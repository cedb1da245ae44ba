package org.espalier.engine;

import ai.djl.Device;
import java.util.List;
import java.util.Optional;
import org.espalier.data.MemoryFormat;
import org.espalier.engine.cpu.FastPath;
import org.espalier.model.Architecture;

/**
 * How a network is computed on a device. It changes no more than the last bits of a result, so it follows a rule for each kind of device and
 * network ({@link #on}), and its {@link #text()} is recorded with the result.
 */
public sealed interface Execution {

    /**
     * Computes each operation over the whole batch, on any device.
     *
     * @param layout        of activations and weights in memory
     * @param widthMultiple rounds prunable widths up to a multiple of this by filters that do nothing, 1 to 1024; 1 leaves them alone
     */
    record WholeBatch(MemoryFormat layout, int widthMultiple) implements Execution {
        public WholeBatch {
            if (widthMultiple < 1 || widthMultiple > 1024) {
                throw new IllegalArgumentException("widths are padded to a multiple of 1 to 1024, not " + widthMultiple);
            }
        }

        @Override
        public Optional<String> obstacle(Device device, Architecture architecture) {
            return Optional.empty();
        }

        @Override
        public String text() {
            return (layout == MemoryFormat.CHANNELS_LAST ? "channels-last" : "channels-first") + (widthMultiple > 1 ? ", widths padded to " + widthMultiple : "");
        }
    }

    /**
     * Computes a shard of the batch on each thread of a CPU, channels last, by the {@linkplain FastPath fast path}.
     *
     * @param winograd whether 3 x 3 convolutions are computed by Winograd's minimal filtering where it pays
     */
    record Sharded(boolean winograd) implements Execution {
        @Override
        public MemoryFormat layout() {
            return MemoryFormat.CHANNELS_LAST;
        }

        @Override
        public int widthMultiple() {
            return 1;
        }

        @Override
        public Optional<String> obstacle(Device device, Architecture architecture) {
            return device.isGpu() ? Optional.of("shards of a batch are for a CPU's threads, not for " + device) : FastPath.obstacle(architecture);
        }

        /** In the words of the first results, which it is compared with. */
        @Override
        public String text() {
            return "channels-last, a share of the batch per thread by " + FastPath.library() + (winograd ? ", Winograd's filtering" : "");
        }
    }

    /** How images and weights lie in the device's memory. */
    MemoryFormat layout();

    /** What prunable widths are padded to a multiple of. */
    int widthMultiple();

    /** Says why this network can't be computed so on this device; empty where it can. */
    Optional<String> obstacle(Device device, Architecture architecture);

    /** Canonical; recorded as a result's layout. */
    String text();

    /**
     * Applies the rule, or what the environment variable {@code ESPALIER_ENGINE} says: {@code plain} or {@code fast}. On a CPU: shards, unless
     * {@link #obstacle} is in the way, by Winograd's filtering where {@linkplain FastPath#prefersWinograd that is faster}. Else whole batches with
     * channels last and widths padded to multiples of 8, which a GPU's tensor cores like too: odd widths cost an H100 a quarter of its speed.
     */
    static Execution on(Device device, Architecture architecture) {
        return on(device, architecture, System.getenv().getOrDefault("ESPALIER_ENGINE", ""));
    }

    /** @throws IllegalArgumentException when the engine is none, or can't compute the network on this device */
    static Execution on(Device device, Architecture architecture, String engine) {
        Optional<String> obstacle = new Sharded(false).obstacle(device, architecture);
        boolean fast = switch (engine) {
            case "" -> obstacle.isEmpty();
            case "plain" -> false;
            case "fast" -> true;
            default -> throw new IllegalArgumentException("ESPALIER_ENGINE is '" + engine + "'; it can be plain, fast, or unset for the rule");
        };
        if (fast && obstacle.isPresent()) {
            throw new IllegalArgumentException("ESPALIER_ENGINE is fast, but " + obstacle.get() + "; unset it");
        }
        return fast ? new Sharded(FastPath.prefersWinograd(architecture)) : new WholeBatch(MemoryFormat.CHANNELS_LAST, 8);
    }

    /** The prunable widths that are computed. */
    default List<Integer> widths(Architecture architecture) {
        return architecture.widths().stream().map(width -> (width + widthMultiple() - 1) / widthMultiple() * widthMultiple()).toList();
    }
}
