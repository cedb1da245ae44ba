package org.espalier.data;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.espalier.data.files.CacheFolder;
import org.espalier.data.files.Download;
import org.espalier.data.files.ProgressListener;

/** Fashion-MNIST (Xiao, Rasul and Vollgraf, 2017; MIT licence): 70,000 grey images of 28 x 28, in gzipped IDX files. */
final class FashionMnist {
    static final Path DEBIAN = Path.of("/usr/share/datasets/fashion-mnist");
    static final List<String> CLASSES = List.of("T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag",
            "Ankle boot");
    static final int SIDE = 28;
    private static final String HOME = "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/";
    private static final List<Download> FILES = List.of(
            file("train-images-idx3-ubyte.gz", 26_421_880, "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84"),
            file("train-labels-idx1-ubyte.gz", 29_515, "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845"),
            file("t10k-images-idx3-ubyte.gz", 4_422_102, "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073"),
            file("t10k-labels-idx1-ubyte.gz", 5_148, "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5"));
    private static final String SAMPLE = "fashion-mnist-sample/images.gz";

    private FashionMnist() {
    }

    private static Download file(String name, long bytes, String sha256) {
        return new Download(URI.create(HOME + name), bytes, sha256);
    }

    /** From Debian's package {@code dataset-fashion-mnist} where it is installed, else from the cache, else downloaded into it. */
    static Dataset full(Path installed, CacheFolder cache, List<Download> files, ProgressListener progress) {
        if (Files.isDirectory(installed)) {
            return in(installed);
        }
        Path folder = cache.path().resolve("fashion-mnist");
        try {
            cache.alone("fashion-mnist", () -> {
                Files.createDirectories(folder);
                for (Download file : files) {
                    file.into(folder, progress);
                }
                return folder;
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage() + ". Or install Debian's package dataset-fashion-mnist", e);
        }
        return in(folder);
    }

    static Dataset full(ProgressListener progress) {
        return full(DEBIAN, CacheFolder.ofUser(), FILES, progress);
    }

    static Dataset in(Path folder) {
        Images train = images(folder.resolve("train-images-idx3-ubyte.gz"), folder.resolve("train-labels-idx1-ubyte.gz"));
        Images test = images(folder.resolve("t10k-images-idx3-ubyte.gz"), folder.resolve("t10k-labels-idx1-ubyte.gz"));
        return new Dataset("fashion-mnist", train, Optional.empty(), test, Normalisation.FASHION_MNIST);
    }

    private static Images images(Path imageFile, Path labelFile) {
        byte[] labels = idx(labelFile);
        byte[] pixels = idx(imageFile, SIDE, SIDE);
        if (pixels.length != labels.length * SIDE * SIDE) {
            throw new IllegalArgumentException(imageFile + " has " + pixels.length / (SIDE * SIDE) + " images, but " + labelFile + " has "
                    + labels.length + " labels; fetch both again");
        }
        try {
            return images(pixels, labels);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(labelFile + ": " + e.getMessage(), e);
        }
    }

    private static Images images(byte[] pixels, byte[] labels) {
        int[] numbers = IntStream.range(0, labels.length).map(i -> labels[i] & 0xff).toArray();
        return Images.of(ByteBuffer.allocateDirect(pixels.length).put(pixels).flip(), numbers, SIDE, SIDE, 1, CLASSES);
    }

    /** The bytes of an IDX file of items of this shape; its first axis counts them. */
    private static byte[] idx(Path file, int... itemShape) {
        try (DataInputStream in = new DataInputStream(new GZIPInputStream(Files.newInputStream(file), 1 << 16))) {
            int axes = 1 + itemShape.length;
            int magic = in.readInt();
            if (magic != 0x0800 + axes) {
                throw new IllegalArgumentException(file + " begins with " + Integer.toHexString(magic) + " and not with "
                        + Integer.toHexString(0x0800 + axes) + ": it is no IDX file of bytes with " + axes + " axes; fetch it again");
            }
            int count = in.readInt();
            int[] shape = new int[itemShape.length];
            for (int i = 0; i < shape.length; i++) {
                shape[i] = in.readInt();
            }
            if (count < 1 || count > 1_000_000 || !Arrays.equals(shape, itemShape)) {
                throw new IllegalArgumentException(file + " has " + count + " items of shape " + Arrays.toString(shape) + ", expected "
                        + Arrays.toString(itemShape) + "; fetch it again");
            }
            return exactly(in, Math.multiplyExact(count, Arrays.stream(shape).reduce(1, Math::multiplyExact)));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file + " (" + e + "): it is missing, truncated or damaged; fetch it again", e);
        }
    }

    private static byte[] exactly(InputStream in, int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length != length || in.read() >= 0) {
            throw new EOFException("its header announces " + length + " bytes, it has " + (bytes.length < length ? "" + bytes.length : "more"));
        }
        return bytes;
    }

    /** 200 training and 50 test images of every class, in the jar: labels first, then the pixels, in the order of the full dataset. */
    static Dataset sample() {
        int train = 2_000;
        int test = 500;
        try (InputStream raw = FashionMnist.class.getResourceAsStream(SAMPLE)) {
            if (raw == null) {
                throw new IllegalStateException("the resource " + SAMPLE + " is missing: build the jar again");
            }
            InputStream in = new GZIPInputStream(raw, 1 << 16);
            byte[] labels = in.readNBytes(train + test);
            byte[] trainPixels = in.readNBytes(train * SIDE * SIDE);
            byte[] testPixels = exactly(in, test * SIDE * SIDE);
            return new Dataset("fashion-mnist-sample", images(trainPixels, Arrays.copyOf(labels, train)), Optional.empty(),
                    images(testPixels, Arrays.copyOfRange(labels, train, train + test)), Normalisation.FASHION_MNIST);
        } catch (IOException e) {
            throw new UncheckedIOException("the resource " + SAMPLE + " is damaged: build the jar again", e);
        }
    }
}
