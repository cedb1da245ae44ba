package org.espalier.compute;

import ai.djl.Device;
import java.util.List;
import java.util.Optional;
import org.espalier.model.Architecture;
import org.espalier.model.Layer;
import org.espalier.model.Pool;

/**
 * How a network is computed on a device, which never changes what it is. It changes the last bits of a result, so it follows a rule per kind
 * of device and network ({@link #on}) and is recorded with the result.
 *
 * @param channelsLast whether an image's channels lie side by side in memory
 * @param multiple     inner widths are rounded up to a multiple of this by filters that do nothing; 1 leaves them alone
 * @param shares       whether each thread computes a share of the batch, instead of a share of every operation; on a CPU, channels last
 * @param winograd     whether 3 x 3 convolutions are computed by Winograd's minimal filtering where it pays; in shares only
 */
public record Execution(boolean channelsLast, int multiple, boolean shares, boolean winograd) {

    public Execution {
        if (multiple < 1 || multiple > 1024) {
            throw new IllegalArgumentException("widths are padded to a multiple of 1 to 1024, not " + multiple);
        }
        if (shares && !channelsLast) {
            throw new IllegalArgumentException("shares of a batch are computed with channels last only");
        }
        if (winograd && !shares) {
            throw new IllegalArgumentException("Winograd's minimal filtering is for shares of a batch only");
        }
    }

    /** Without Winograd's minimal filtering. */
    public Execution(boolean channelsLast, int multiple, boolean shares) {
        this(channelsLast, multiple, shares, false);
    }

    /** The whole batch at once. */
    public Execution(boolean channelsLast, int multiple) {
        this(channelsLast, multiple, false);
    }

    /**
     * The rule. On a CPU: channels last, and a share of the batch for each thread, where padding no longer pays; whole batches, padded to
     * multiples of 8, where {@link #obstacle} is in the way. Shares are computed by Winograd's minimal filtering where the processor has AVX2
     * and no AVX-512, with which the direct way is fast enough. On a GPU: whole batches and multiples of 8 too, whose tensor cores like both; odd
     * widths cost an H100 a quarter of its speed.
     */
    public static Execution on(Device device, Architecture architecture) {
        Execution shares = new Execution(true, 1, true);
        if (shares.obstacle(device, architecture).isPresent()) {
            return new Execution(true, 8);
        }
        return OneDnn.computesWithAvx2() ? new Execution(true, 1, true, true) : shares;
    }

    /**
     * Why a network can't be computed so; empty where it can. Networks such as VGG, with pools on the way and linear layers, have more weights
     * than activations, which every share would go through.
     */
    public Optional<String> obstacle(Device device, Architecture architecture) {
        if (!shares) {
            return Optional.empty();
        }
        if (device.isGpu()) {
            return Optional.of("shares of a batch are for a CPU's threads, not for " + device);
        }
        if (architecture.units().stream().anyMatch(unit -> unit.before() != Pool.NONE || !(unit.layer() instanceof Layer.Conv))) {
            return Optional.of("shares of a batch are for networks whose units are convolutions, without pools on the way, not for " + architecture.text());
        }
        return OneDnn.missing().map(why -> "shares of a batch need oneDNN, which can't be loaded: " + why);
    }

    /** The prunable widths that are executed. */
    List<Integer> widths(Architecture architecture) {
        return architecture.widths().stream().map(width -> (width + multiple - 1) / multiple * multiple).toList();
    }

    public String text() {
        return (channelsLast ? "channels-last" : "channels-first") + (multiple > 1 ? ", widths padded to " + multiple : "")
                + (shares ? ", a share of the batch per thread by " + OneDnn.description() : "")
                + (winograd ? ", Winograd's filtering" : "");
    }
}
