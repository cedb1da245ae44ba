package org.espalier.model;

import ai.djl.Device;
import java.util.List;

/**
 * How a network is computed on a device, which never changes what it is. Layout and padding change the last bits of a result, so they follow
 * a rule per kind of device ({@link #on}) and are recorded with it.
 *
 * @param channelsLast whether an image's channels lie side by side in memory
 * @param multiple     inner widths are rounded up to a multiple of this by filters that do nothing; 1 leaves them alone
 */
public record Execution(boolean channelsLast, int multiple) {

    public Execution {
        if (multiple < 1 || multiple > 1024) {
            throw new IllegalArgumentException("widths are padded to a multiple of 1 to 1024, not " + multiple);
        }
    }

    /**
     * The rule. On a CPU: channels last, widths padded to multiples of 8, where libtorch's channels-last kernels are fast. On a GPU: as
     * PyTorch users run it, neither.
     */
    public static Execution on(Device device) {
        return device.isGpu() ? new Execution(false, 1) : new Execution(true, 8);
    }

    /** The prunable widths that are executed. */
    List<Integer> widths(Architecture architecture) {
        return architecture.widths().stream().map(width -> (width + multiple - 1) / multiple * multiple).toList();
    }

    public String text() {
        return (channelsLast ? "channels-last" : "channels-first") + (multiple > 1 ? ", widths padded to " + multiple : "");
    }
}
