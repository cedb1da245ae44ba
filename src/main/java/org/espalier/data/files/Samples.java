package org.espalier.data.files;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.awt.image.PixelInterleavedSampleModel;

/** Where in an array the stored samples of an image lie: bytes from one line, pixel and channel to the next. */
record Samples(byte[] bytes, int line, int pixel, int red, int green, int blue) {

    /** Shared with the image where it holds bytes side by side, as a decoded JPEG does; else a copy. */
    static Samples of(BufferedImage image) {
        if (!ImageDecoder.isPlain(image.getColorModel()) || !(image.getRaster().getDataBuffer() instanceof DataBufferByte buffer)
                || !(image.getSampleModel() instanceof PixelInterleavedSampleModel model) || buffer.getOffset() != 0) {
            return ofRgb(ImageDecoder.rgb(image), image.getWidth());
        }
        int[] bands = model.getBandOffsets();
        boolean grey = bands.length < 3;
        return new Samples(buffer.getData(), model.getScanlineStride(), model.getPixelStride(), bands[0], bands[grey ? 0 : 1], bands[grey ? 0 : 2]);
    }

    static Samples ofRgb(byte[] rgb, int width) {
        return new Samples(rgb, 3 * width, 3, 0, 1, 2);
    }
}
