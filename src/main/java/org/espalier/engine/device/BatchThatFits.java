package org.espalier.engine.device;

import ai.djl.Device;
import java.util.function.LongConsumer;
import java.util.regex.Pattern;

/** Finds, where a device's memory doesn't suffice for a batch, the batch that would fit. */
public final class BatchThatFits {
    /** What libtorch says on a CPU and on a GPU, and the JVM of its own native memory. */
    private static final Pattern SHORTAGE = Pattern.compile("can't allocate memory|out of memory|direct buffer memory|not enough memory", Pattern.CASE_INSENSITIVE);

    private BatchThatFits() {
    }

    /**
     * The failure itself, or where it is one of memory, one that names the batch.
     *
     * @param trial computes a step on so many of the images; tried with halves of halves until one goes through
     */
    public static RuntimeException explained(Throwable failure, Device device, long images, LongConsumer trial) {
        for (long size = images / 2; isShortage(failure) && size > 0; size /= 2) {
            try {
                trial.accept(size);
                return new IllegalStateException("the memory of " + device + " doesn't suffice for a step on " + images + " images, but for one on " + size
                        + ": take that batch, as recipe().withBatch(" + size + "), and a learning rate for it; or end what else uses the memory", failure);
            } catch (RuntimeException | OutOfMemoryError again) {
                if (!isShortage(again)) {
                    break;
                }
            }
        }
        if (failure instanceof Error error) {
            throw error;
        }
        return (RuntimeException) failure;
    }

    private static boolean isShortage(Throwable failure) {
        return failure.getMessage() != null && SHORTAGE.matcher(failure.getMessage()).find();
    }
}
