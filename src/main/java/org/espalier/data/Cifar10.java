package org.espalier.data;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.espalier.data.files.Archive;
import org.espalier.data.files.CacheFolder;
import org.espalier.data.files.Download;
import org.espalier.data.files.ProgressListener;
import org.espalier.text.Sha256;

/**
 * CIFAR-10 (Krizhevsky, 2009) from its official binary files: records of a label and 32 x 32 pixels, plane by plane. Files with fewer records
 * than the official 10,000 are read as well, and named after their content.
 */
final class Cifar10 {
    static final String FOLDER = "cifar-10-batches-bin";
    static final List<String> CLASSES =
            List.of("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck");
    private static final Download ARCHIVE = new Download(URI.create("https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz"), 170_052_171L,
            "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd");
    private static final List<String> TRAIN =
            List.of("data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin", "data_batch_4.bin", "data_batch_5.bin");
    private static final List<String> TEST = List.of("test_batch.bin");
    /** The official files, training first. */
    private static final List<String> OFFICIAL = List.of(
            "cee916563c9f80d84e3cc88e17fdc0941787f1244f00a67874d45b261883ada5", "a591ca11fa1708a91ee40f54b3da4784ccd871ecf2137de63f51ada8b3fa57ed",
            "bbe8596564c0f86427f876058170b84dac6670ddf06d79402899d93ceea26f67", "014e562d6e23c72197cc727519169a60359f5eccd8945ad5a09d710285ff4e48",
            "755304fc0b379caeae8c14f0dac912fbc7d6cd469eb67a1029a08a39453a9add", "8e2eb146ae340b09e24670f29cabc6326dba54da8789dab6768acf480273f65b");
    private static final int SIDE = 32;
    private static final int PLANE = SIDE * SIDE;
    private static final int RECORD = 1 + 3 * PLANE;

    private Cifar10() {
    }

    /** From the cache; downloaded into it where nothing is there, or something damaged. */
    static Dataset cached(CacheFolder cache, ProgressListener progress) {
        return cached(cache, ARCHIVE, progress);
    }

    static Dataset cached(CacheFolder cache, Download archive, ProgressListener progress) {
        Path folder = cache.path().resolve(FOLDER);
        return whole(folder, archive).orElseGet(() -> {
            try {
                return cache.alone("cifar-10", () -> {
                    Optional<Dataset> byAnother = whole(folder, archive);
                    return byAnother.isPresent() ? byAnother.get() : in(fetch(cache, archive, progress));
                });
            } catch (InterruptedIOException e) {
                throw new UncheckedIOException(e);
            } catch (IOException e) {
                String damaged = Files.exists(folder) ? "the files in " + folder + " can't be read or aren't the official ones any more; " : "";
                throw new UncheckedIOException(damaged + e.getMessage() + ". Or call cifar10(folder) with the unpacked binary version", e);
            }
        });
    }

    /** What is in this folder of the cache, if it is all there and undamaged; nothing is said otherwise. */
    private static Optional<Dataset> whole(Path folder, Download archive) {
        try {
            return Optional.of(in(folder)).filter(data -> archive != ARCHIVE || data.name().equals("cifar10"));
        } catch (IllegalArgumentException | UncheckedIOException missingOrDamaged) {
            return Optional.empty();
        }
    }

    /** Unpacked beside its place and moved there whole; what is damaged there stays until then. */
    private static Path fetch(CacheFolder cache, Download archive, ProgressListener progress) throws IOException {
        Path unpacked = cache.path().resolve(FOLDER + ".part");
        deleteTree(unpacked);
        try {
            Path file = archive.into(cache.path(), progress);
            new Archive(file, 100, 1L << 30).unpack(unpacked);
            Path inner = unpacked.resolve(FOLDER);
            if (!Files.isDirectory(inner)) {
                throw new IOException("the archive " + file + " holds no folder " + FOLDER);
            }
            Path folder = cache.path().resolve(FOLDER);
            deleteTree(folder);
            Download.move(inner, folder);
            Files.delete(file);
            return folder;
        } finally {
            deleteTree(unpacked);
        }
    }

    private static void deleteTree(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> all = Files.walk(folder)) {
                for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }

    /** From a folder with the official files, or one that holds their folder. */
    static Dataset in(Path given) {
        Path folder = Files.isDirectory(given.resolve(FOLDER)) ? given.resolve(FOLDER) : given;
        List<String> digests = new ArrayList<>();
        Images train = read(folder, TRAIN, digests);
        Images test = read(folder, TEST, digests);
        byte[] all = String.join(",", digests).getBytes(StandardCharsets.US_ASCII);
        String name = digests.equals(OFFICIAL) ? "cifar10" : "cifar10:" + Sha256.of(all).substring(0, 16);
        return new Dataset(name, train, Optional.empty(), test, Normalisation.CIFAR10);
    }

    private static Images read(Path folder, List<String> names, List<String> digests) {
        List<byte[]> files = names.stream().map(name -> bytes(folder.resolve(name))).toList();
        int records = files.stream().mapToInt(bytes -> bytes.length / RECORD).sum();
        ByteBuffer pixels = ByteBuffer.allocateDirect(records * 3 * PLANE);
        int[] labels = new int[records];
        int next = 0;
        byte[] image = new byte[3 * PLANE];
        for (int f = 0; f < files.size(); f++) {
            byte[] bytes = files.get(f);
            digests.add(Sha256.of(bytes));
            for (int at = 0; at < bytes.length; at += RECORD) {
                labels[next++] = label(bytes[at] & 0xff, folder.resolve(names.get(f)), at / RECORD);
                for (int p = 0; p < PLANE; p++) {
                    for (int c = 0; c < 3; c++) {
                        image[3 * p + c] = bytes[at + 1 + c * PLANE + p];
                    }
                }
                pixels.put(image);
            }
        }
        return Images.of(pixels.flip(), labels, SIDE, SIDE, 3, CLASSES);
    }

    private static int label(int label, Path file, int record) {
        if (label >= CLASSES.size()) {
            throw new IllegalArgumentException("record " + record + " of " + file + " has the label " + label
                    + ", but CIFAR-10's are 0 to 9; this isn't the binary version of CIFAR-10, or it is damaged: fetch it again");
        }
        return label;
    }

    private static byte[] bytes(Path file) {
        try {
            long length = Files.size(file);
            if (length == 0 || length % RECORD != 0 || length > 100_000L * RECORD) {
                throw new IllegalArgumentException(file + " has " + length + " bytes, which isn't a whole number of records of " + RECORD
                        + " bytes (the official files have 10,000): it is truncated or something else; fetch it again");
            }
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file + " (" + e + "); expected are " + TRAIN + " and " + TEST
                    + " of CIFAR-10's binary version (https://www.cs.toronto.edu/~kriz/cifar.html)", e);
        }
    }
}
