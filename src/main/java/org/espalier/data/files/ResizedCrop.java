package org.espalier.data.files;

import org.apache.commons.math3.random.RandomGenerator;
import org.espalier.data.files.ImageDecoder.Size;

/** Which part of an image is scaled to a square, and how: what torchvision's transforms for ImageNet make of an image of any size. */
public record ResizedCrop(Axis rows, Axis columns, boolean mirrored) {
    private static final double LEAST_AREA = .08;
    private static final double WIDEST = 4. / 3;
    private static final int TRIES = 10;

    /** The shorter side scaled to {@code size * 256 / 224}, and the middle of that. */
    public static ResizedCrop centre(Size image, int size) {
        int shorter = Math.max(size, (int) (size * 256L / 224));
        int least = Math.min(image.height(), image.width());
        return new ResizedCrop(middle(image.height(), least, shorter, size), middle(image.width(), least, shorter, size), false);
    }

    private static Axis middle(int length, int least, int shorter, int size) {
        int scaled = Math.toIntExact((long) shorter * length / least);
        return new Axis(0, length, scaled, (int) Math.rint((scaled - size) / 2.), size);
    }

    /**
     * RandomResizedCrop and a flip: 8 to 100 % of the area, 3:4 to 4:3 wide, uniform in the area and in the logarithm of the proportions; for
     * one in two mirrored. An image too long for ten such draws gives the middle that comes closest.
     */
    public static ResizedCrop random(Size image, int size, RandomGenerator random) {
        double area = (double) image.height() * image.width();
        for (int i = 0; i < TRIES; i++) {
            double wanted = area * (LEAST_AREA + (1 - LEAST_AREA) * random.nextDouble());
            double proportions = Math.pow(WIDEST, 2 * random.nextDouble() - 1);
            int width = (int) Math.rint(Math.sqrt(wanted * proportions));
            int height = (int) Math.rint(Math.sqrt(wanted / proportions));
            if (width >= 1 && width <= image.width() && height >= 1 && height <= image.height()) {
                return new ResizedCrop(Axis.whole(random.nextInt(image.height() - height + 1), height, size),
                        Axis.whole(random.nextInt(image.width() - width + 1), width, size), random.nextBoolean());
            }
        }
        int height = Math.min(image.height(), (int) Math.rint(image.width() * WIDEST));
        int width = Math.min(image.width(), (int) Math.rint(image.height() * WIDEST));
        return new ResizedCrop(Axis.whole((image.height() - height) / 2, height, size), Axis.whole((image.width() - width) / 2, width, size),
                random.nextBoolean());
    }
}
