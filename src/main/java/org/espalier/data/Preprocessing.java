package org.espalier.data;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.util.List;

/** From bytes to what a network takes, on the device: 32-bit floats, normalised and laid out. */
record Preprocessing(MemoryFormat layout, NDArray full, NDArray mean, NDArray std) {

    /** The constants belong to the manager; {@code width} is that of an image. */
    static Preprocessing on(NDManager manager, Normalisation normalisation, int width, MemoryFormat layout) {
        return new Preprocessing(layout, manager.create(255f), row(manager, normalisation.mean(), width), row(manager, normalisation.std(), width));
    }

    /** From uint8 [images, height, width, channels] to the logical shape [images, channels, height, width]; the pixels given stay as they are. */
    NDArray of(NDArray pixels) {
        NDArray batch = pixels.toType(DataType.FLOAT32, false);
        batch.reshape(-1, mean.size()).divi(full).subi(mean).divi(std);
        return laidOut(batch);
    }

    /** Transposing moves no pixel; folding all but the images into one axis does, unless it needn't. */
    private NDArray laidOut(NDArray batch) {
        NDArray channelsFirst = batch.transpose(0, 3, 1, 2);
        return switch (layout) {
            case CHANNELS_LAST -> channelsFirst;
            case CONTIGUOUS -> channelsFirst.reshape(batch.getShape().get(0), -1).reshape(channelsFirst.getShape());
        };
    }

    /** A number per channel, repeated over a line of pixels: the device works through a line at a time, not through three numbers. */
    private static NDArray row(NDManager manager, List<Float> perChannel, int width) {
        float[] row = new float[width * perChannel.size()];
        for (int i = 0; i < row.length; i++) {
            row[i] = perChannel.get(i % perChannel.size());
        }
        return manager.create(row);
    }
}
