package org.espalier.data;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.espalier.data.files.CacheFolder;
import org.espalier.data.files.FolderListing;
import org.espalier.data.files.ImageFolderOptions;
import org.espalier.data.files.ProgressListener;

/** Where datasets come from, by the word that their names begin with: {@code cifar10:6c9c1f2e/take=200} comes from {@link #CIFAR10}. */
enum DatasetSource {
    FASHION_MNIST_SAMPLE("fashion-mnist-sample") {
        @Override
        Optional<Dataset> withoutFolder() {
            return Optional.of(Datasets.sample());
        }
    },
    FASHION_MNIST("fashion-mnist") {
        @Override
        Optional<Dataset> withoutFolder() {
            return Optional.of(Datasets.fashionMnist(PROGRESS));
        }
    },
    CIFAR10("cifar10", Cifar.CIFAR10),
    CIFAR100("cifar100", Cifar.CIFAR100),
    FOLDER("folder") {
        @Override
        boolean isIn(Path folder) {
            return FolderListing.isIn(folder);
        }

        @Override
        Dataset open(Path folder, String size) {
            String[] sides = size.split("x");
            ImageFolderOptions options = size.isEmpty() ? LENIENT : LENIENT.scaledTo(pixels(size, sides[0]), pixels(size, sides[sides.length - 1]));
            return Datasets.imageFolder(folder, options, PROGRESS);
        }
    },
    STREAM("stream") {
        @Override
        boolean isIn(Path folder) {
            return FolderListing.isIn(folder);
        }

        @Override
        Dataset open(Path folder, String size) {
            return Datasets.imageStream(folder, pixels(size, size), LENIENT);
        }
    };

    private static final ProgressListener PROGRESS = ProgressListener.lines(System.err);
    /** Whoever said a name has opened the folder in the way that they wanted, and the name says what came of it. */
    private static final ImageFolderOptions LENIENT = ImageFolderOptions.strict().allowEmptyClasses().followLinks();

    private final String word;
    private final Optional<Cifar> cifar;

    DatasetSource(String word) {
        this(word, null);
    }

    DatasetSource(String word, Cifar cifar) {
        this.word = word;
        this.cifar = Optional.ofNullable(cifar);
    }

    static Optional<DatasetSource> of(String name) {
        String word = name.split("[:/@]", 2)[0];
        return Arrays.stream(values()).filter(source -> source.word.equals(word)).findFirst();
    }

    static List<String> words() {
        return Arrays.stream(values()).map(source -> source.word).toList();
    }

    /** Whether a folder holds such data, as far as names of files tell. */
    boolean isIn(Path folder) {
        return cifar.isPresent() && cifar.get().isIn(folder);
    }

    /** @param size that images have or are scaled to, {@code 224} or {@code 32x32}; empty for their own */
    Dataset open(Path folder, String size) {
        return OpenedFolders.remember(folder, cifar.orElseThrow(() -> new IllegalStateException(word + " lies in no folder")).in(folder));
    }

    /** What is at hand or can be downloaded. */
    Optional<Dataset> withoutFolder() {
        return cifar.map(version -> version.cached(CacheFolder.ofUser(), PROGRESS));
    }

    private static int pixels(String size, String side) {
        try {
            return Integer.parseInt(side);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("'" + size + "' is no size of images; 224 or 32x32 are", e);
        }
    }
}
