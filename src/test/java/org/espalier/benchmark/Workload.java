package org.espalier.benchmark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.commons.math3.random.RandomGenerator;
import org.espalier.data.Dataset;
import org.espalier.data.Images;
import org.espalier.data.Normalisation;
import org.espalier.model.Network;
import org.espalier.model.loading.Networks;
import org.espalier.random.Randomness;

/**
 * A network and the random images that it is trained on; both sides get the same.
 *
 * @param steps in one turn
 */
record Workload(String name, Network network, int batch, int steps) {
    private static final int CLASSES = 10;

    int side() {
        return network.architecture().imageSize();
    }

    /** As many as one turn trains on. */
    Images images() {
        return images(batch * steps, side(), network.architecture().classes());
    }

    static Images images(int count, int side) {
        return images(count, side, CLASSES);
    }

    private static Images images(int count, int side, int classes) {
        RandomGenerator random = Randomness.of(1, "benchmark", 0);
        byte[] pixels = new byte[count * side * side * 3];
        random.nextBytes(pixels);
        // A label is a byte in the file that the other side reads.
        int[] labels = IntStream.range(0, count).map(i -> random.nextInt(Math.min(classes, 256))).toArray();
        return Images.of(ByteBuffer.wrap(pixels), labels, side, side, 3, IntStream.range(0, classes).mapToObj(Integer::toString).toList());
    }

    /** For a training, which wants a test split, too: one image, so that it costs next to nothing. */
    static Dataset dataset(Images images) {
        return new Dataset("random", images, Optional.empty(), images.select(new int[] {0}), Normalisation.CIFAR10);
    }

    /** Writes what {@code peer.py} reads: the graph, the weights as safetensors, and the pixels of all images with the labels behind them. */
    Path write(Path folder) {
        Path weights = folder.resolve(name + ".safetensors");
        Path data = folder.resolve(name + ".data");
        Images images = images();
        try {
            Files.createDirectories(folder);
            Networks.save(network, weights);
            Files.write(folder.resolve(name + ".graph"), network.architecture().nodes().stream().map(Object::toString).toList());
            int imageBytes = images.image(0).length;
            ByteBuffer bytes = ByteBuffer.allocate(images.size() * (imageBytes + 1));
            for (int i = 0; i < images.size(); i++) {
                bytes.put(images.image(i)).put(images.size() * imageBytes + i, (byte) images.label(i));
            }
            Files.write(data, bytes.array());
            return data;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + data, e);
        }
    }

    Workload withNetwork(String otherName, Network other) {
        return new Workload(otherName, other, batch, steps);
    }

    /** Multiply-adds times two, three times: forward, and backward for the inputs and for the weights. */
    double operationsPerImage() {
        return 6. * network.architecture().macs(side(), side());
    }
}
