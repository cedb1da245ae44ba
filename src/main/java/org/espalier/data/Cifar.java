package org.espalier.data;

import ai.djl.util.Utils;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.espalier.data.files.Archive;
import org.espalier.data.files.CacheFolder;
import org.espalier.data.files.Download;
import org.espalier.data.files.PickledBatch;
import org.espalier.data.files.ProgressListener;
import org.espalier.text.Sha256;

/**
 * CIFAR-10 and CIFAR-100 (Krizhevsky, 2009) from their official files: records of labels and 32 x 32 pixels, plane by plane. The Python version
 * holds the same records in pickles. Files with fewer records than the official ones are read as well, and named after their content.
 */
enum Cifar {
    /** Six files of 10,000 records with one label. */
    CIFAR10("cifar10", "cifar-10-batches-bin", "cifar-10-batches-py", List.of("labels"),
            List.of("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"),
            List.of("data_batch_1", "data_batch_2", "data_batch_3", "data_batch_4", "data_batch_5"), "test_batch",
            new Download(URI.create("https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz"), 170_052_171L,
                    "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd"), List.of(
            "cee916563c9f80d84e3cc88e17fdc0941787f1244f00a67874d45b261883ada5", "a591ca11fa1708a91ee40f54b3da4784ccd871ecf2137de63f51ada8b3fa57ed",
            "bbe8596564c0f86427f876058170b84dac6670ddf06d79402899d93ceea26f67", "014e562d6e23c72197cc727519169a60359f5eccd8945ad5a09d710285ff4e48",
            "755304fc0b379caeae8c14f0dac912fbc7d6cd469eb67a1029a08a39453a9add", "8e2eb146ae340b09e24670f29cabc6326dba54da8789dab6768acf480273f65b")),
    /** A file of 50,000 and one of 10,000 records with a coarse and a fine label, of which the fine one counts. */
    CIFAR100("cifar100", "cifar-100-binary", "cifar-100-python", List.of("coarse_labels", "fine_labels"), List.of((
            "apple aquarium_fish baby bear beaver bed bee beetle bicycle bottle bowl boy bridge bus butterfly camel can castle caterpillar cattle "
            + "chair chimpanzee clock cloud cockroach couch crab crocodile cup dinosaur dolphin elephant flatfish forest fox girl hamster house "
            + "kangaroo keyboard lamp lawn_mower leopard lion lizard lobster man maple_tree motorcycle mountain mouse mushroom oak_tree orange "
            + "orchid otter palm_tree pear pickup_truck pine_tree plain plate poppy porcupine possum rabbit raccoon ray road rocket rose sea seal "
            + "shark shrew skunk skyscraper snail snake spider squirrel streetcar sunflower sweet_pepper table tank telephone television tiger "
            + "tractor train trout tulip turtle wardrobe whale willow_tree wolf woman worm").split(" ")),
            List.of("train"), "test",
            new Download(URI.create("https://www.cs.toronto.edu/~kriz/cifar-100-binary.tar.gz"), 168_513_733L,
                    "58a81ae192c23a4be8b1804d68e518ed807d710a4eb253b1f2a199162a40d8ec"), List.of(
            "f31298fc616915fa142368359df1c4ca2ae984d6915ca468b998a5ec6aeebf29", "d8b1e6b7b3bee4020055f0699b111f60b1af1e262aeb93a0b659061746f8224a"));

    private static final int SIDE = 32;
    private static final int PLANE = SIDE * SIDE;

    private final String title;
    private final String folder;
    private final String pythonFolder;
    private final List<String> labels;
    private final List<String> classes;
    private final List<String> train;
    private final String test;
    private final Download archive;
    private final List<String> official;

    /**
     * @param folder   that the archive of the binary version unpacks to
     * @param labels   of a record, by their names in the Python version; the last one counts
     * @param train    the files without their ending
     * @param official SHA-256 of the official files, training first
     */
    Cifar(String title, String folder, String pythonFolder, List<String> labels, List<String> classes, List<String> train, String test,
            Download archive, List<String> official) {
        this.title = title;
        this.folder = folder;
        this.pythonFolder = pythonFolder;
        this.labels = labels;
        this.classes = classes;
        this.train = train;
        this.test = test;
        this.archive = archive;
        this.official = official;
    }

    /** From the cache; downloaded into it where nothing is there, or something damaged. */
    Dataset cached(CacheFolder cache, ProgressListener progress) {
        return cached(cache, archive, progress);
    }

    Dataset cached(CacheFolder cache, Download from, ProgressListener progress) {
        Path place = cache.path().resolve(folder);
        return whole(place, from).orElseGet(() -> {
            try {
                return cache.alone(folder, () -> {
                    Optional<Dataset> byAnother = whole(place, from);
                    return byAnother.isPresent() ? byAnother.get() : in(fetch(cache, from, progress));
                });
            } catch (InterruptedIOException e) {
                throw new UncheckedIOException(e);
            } catch (IOException e) {
                String damaged = Files.exists(place) ? "the files in " + place + " can't be read or aren't the official ones any more; " : "";
                throw new UncheckedIOException(damaged + e.getMessage() + ". Or call " + title + "(folder) with the unpacked files, or set ESPALIER_DATA to their folder", e);
            }
        });
    }

    /** What is in this folder of the cache, if it is all there and undamaged; nothing is said otherwise. */
    private Optional<Dataset> whole(Path place, Download from) {
        try {
            return Optional.of(in(place)).filter(data -> !from.equals(archive) || data.name().equals(title));
        } catch (IllegalArgumentException | UncheckedIOException missingOrDamaged) {
            return Optional.empty();
        }
    }

    /** Unpacked beside its place and moved there whole; what is damaged there stays until then. */
    private Path fetch(CacheFolder cache, Download from, ProgressListener progress) throws IOException {
        Path unpacked = cache.path().resolve(folder + ".part");
        Utils.deleteQuietly(unpacked);
        try {
            Path file = from.into(cache.path(), progress);
            new Archive(file, 100, 1L << 30).unpack(unpacked);
            Path inner = unpacked.resolve(folder);
            if (!Files.isDirectory(inner)) {
                throw new IOException("the archive " + file + " holds no folder " + folder);
            }
            Path place = cache.path().resolve(folder);
            Utils.deleteQuietly(place);
            Download.move(inner, place);
            Files.delete(file);
            return place;
        } finally {
            Utils.deleteQuietly(unpacked);
        }
    }

    /** From a folder with the official files, binary or pickled, or one that holds their folder. */
    Dataset in(Path given) {
        Path place = Stream.of(given.resolve(folder), given.resolve(pythonFolder)).filter(Files::isDirectory).findFirst().orElse(given);
        String ending = Files.exists(place.resolve(train.get(0))) && !Files.exists(place.resolve(train.get(0) + ".bin")) ? "" : ".bin";
        requireFiles(place, ending);
        List<String> digests = new ArrayList<>();
        Images training = read(train.stream().map(name -> place.resolve(name + ending)).toList(), digests);
        Images testing = read(List.of(place.resolve(test + ending)), digests);
        byte[] all = String.join(",", digests).getBytes(StandardCharsets.US_ASCII);
        String name = digests.equals(official) ? title : title + ":" + Sha256.of(all).substring(0, 16);
        return new Dataset(name, training, Optional.empty(), testing, Normalisation.CIFAR10);
    }

    /** Whether this folder, or the one of the official name in it, has the first of the files. */
    boolean isIn(Path given) {
        return Stream.of(given, given.resolve(folder), given.resolve(pythonFolder)).anyMatch(place -> Files.isRegularFile(place.resolve(train.get(0)))
                || Files.isRegularFile(place.resolve(train.get(0) + ".bin")));
    }

    private void requireFiles(Path place, String ending) {
        for (String name : Stream.concat(train.stream(), Stream.of(test)).toList()) {
            Path file = place.resolve(name + ending);
            if (!Files.isRegularFile(file)) {
                String advice = Arrays.stream(values()).filter(other -> other != this && other.isIn(place)).map(other -> "this is " + other.title
                        + ": call " + other.title + "(folder)").findFirst().orElse("unpack " + archive.name() + " of https://www.cs.toronto.edu/~kriz/cifar.html");
                throw new IllegalArgumentException("there is no file " + file + "; expected are " + train + " and " + test
                        + " of its Python version, or the same with .bin of its binary version; " + advice);
            }
        }
    }

    private int record() {
        return labels.size() + 3 * PLANE;
    }

    private Images read(List<Path> files, List<String> digests) {
        List<byte[]> contents = files.stream().map(this::bytes).toList();
        int records = contents.stream().mapToInt(bytes -> bytes.length / record()).sum();
        ByteBuffer pixels = ByteBuffer.allocateDirect(records * 3 * PLANE);
        int[] counted = new int[records];
        int next = 0;
        byte[] image = new byte[3 * PLANE];
        for (int f = 0; f < files.size(); f++) {
            byte[] bytes = contents.get(f);
            digests.add(Sha256.of(bytes));
            for (int at = 0; at < bytes.length; at += record()) {
                counted[next++] = label(bytes[at + labels.size() - 1] & 0xff, files.get(f), at / record());
                for (int p = 0; p < PLANE; p++) {
                    for (int c = 0; c < 3; c++) {
                        image[3 * p + c] = bytes[at + labels.size() + c * PLANE + p];
                    }
                }
                pixels.put(image);
            }
        }
        return Images.of(pixels.flip(), counted, SIDE, SIDE, 3, classes);
    }

    private int label(int label, Path file, int record) {
        if (label >= classes.size()) {
            throw new IllegalArgumentException("record " + record + " of " + file + " has the label " + label + ", but those of " + title + " are 0 to "
                    + (classes.size() - 1) + "; this is another dataset, or it is damaged: fetch it again");
        }
        return label;
    }

    /** The records of a file. */
    private byte[] bytes(Path file) {
        try {
            byte[] bytes = file.toString().endsWith(".bin") ? binary(file) : PickledBatch.records(file, labels);
            if (bytes.length == 0 || bytes.length % record() != 0) {
                throw new IllegalArgumentException(file + " has " + bytes.length + " bytes, which isn't a whole number of records of " + record()
                        + " bytes: it is truncated or something else; fetch it again");
            }
            return bytes;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file + " (" + e + ")", e);
        }
    }

    private byte[] binary(Path file) throws IOException {
        long most = 100_000L * record();
        if (Files.size(file) > most) {
            throw new IllegalArgumentException(file + " has " + Files.size(file) + " bytes, more than the " + most + " that are read: it is something else");
        }
        return Files.readAllBytes(file);
    }
}
