package org.espalier.study.sweep;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.espalier.data.Dataset;
import org.espalier.data.Datasets;
import org.espalier.data.Images;
import org.espalier.data.Normalisation;
import org.espalier.model.Architecture;

/** Noise of the shape that a network takes, in the place of data that isn't at hand: to time trainings and to try their first steps. */
final class StandIn {
    private static final int WIDTH = 500;
    private static final int HEIGHT = 375;

    private StandIn() {
    }

    /**
     * A training set of so many images and a test set of one for each class.
     *
     * @param name   as a spec has it: where it is a stream, the images are files, one for each class and taken several times
     * @param folder where files may be written
     */
    static Dataset of(String name, Architecture architecture, int images, Path folder) {
        int classes = architecture.classes();
        if (!name.startsWith("stream")) {
            int side = architecture.imageSize();
            List<String> names = IntStream.range(0, classes).mapToObj(i -> "class-" + i).toList();
            List<Float> half = Collections.nCopies(architecture.channels(), .5f);
            return new Dataset("stand-in", noise(images, side, architecture.channels(), names), Optional.empty(), noise(classes, side, architecture.channels(), names),
                    new Normalisation(half, half));
        }
        Dataset once = Datasets.imageStream(files(folder, classes), architecture.imageSize());
        return new Dataset("stand-in", once.train().select(IntStream.range(0, images).map(i -> i % classes).toArray()), Optional.empty(), once.test(),
                once.normalisation());
    }

    private static Images noise(int images, int side, int channels, List<String> classes) {
        ByteBuffer pixels = ByteBuffer.allocateDirect(Math.multiplyExact(images, side * side * channels));
        byte[] bytes = new byte[pixels.capacity()];
        new Random(1).nextBytes(bytes);
        pixels.put(bytes).flip();
        return Images.of(pixels, IntStream.range(0, images).map(i -> i % classes.size()).toArray(), side, side, channels, classes);
    }

    /** A JPEG file of the usual size of ImageNet's in a folder for each class. */
    private static Path files(Path folder, int classes) {
        try {
            BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
            Random random = new Random(1);
            for (int y = 0; y < HEIGHT; y++) {
                for (int x = 0; x < WIDTH; x++) {
                    // Shades with a grain: about as much to decode as a photograph.
                    int shade = (int) (112 + 80 * Math.sin(x / 37.) * Math.cos(y / 29.)) + random.nextInt(32);
                    image.setRGB(x, y, shade << 16 | (shade + random.nextInt(16)) << 8 | shade);
                }
            }
            ByteArrayOutputStream jpeg = new ByteArrayOutputStream();
            ImageIO.write(image, "jpg", jpeg);
            for (String part : List.of("train", "val")) {
                for (int i = 0; i < classes; i++) {
                    Path file = folder.resolve(String.format("images-%d/%s/class-%04d/noise.jpg", classes, part, i));
                    if (!Files.exists(file)) {
                        Files.createDirectories(file.getParent());
                        Files.write(file, jpeg.toByteArray());
                    }
                }
            }
            return folder.resolve("images-" + classes);
        } catch (IOException e) {
            throw new UncheckedIOException("images can't be written to " + folder + ": " + e.getMessage(), e);
        }
    }
}
