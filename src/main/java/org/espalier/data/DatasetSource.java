package org.espalier.data;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.espalier.data.files.FolderListing;
import org.espalier.data.files.ImageFolderOptions;
import org.espalier.data.files.ProgressListener;

/** Where datasets come from, by the word that their names begin with: {@code cifar10:6c9c1f2e/take=200} comes from {@link #CIFAR10}. */
enum DatasetSource {
    FASHION_MNIST_SAMPLE, FASHION_MNIST, CIFAR10, CIFAR100, FOLDER, STREAM;

    private static final ProgressListener PROGRESS = ProgressListener.lines(System.err);
    /** Whoever said a name has opened the folder in the way that they wanted, and the name says what came of it. */
    private static final ImageFolderOptions LENIENT = ImageFolderOptions.strict().allowEmptyClasses().followLinks();

    static Optional<DatasetSource> of(String name) {
        String word = name.split("[:/@]", 2)[0];
        return Arrays.stream(values()).filter(source -> source.word().equals(word)).findFirst();
    }

    static List<String> words() {
        return Arrays.stream(values()).map(DatasetSource::word).toList();
    }

    private String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Whether a folder holds such data, as far as names of files tell. */
    boolean isIn(Path folder) {
        return switch (this) {
            case CIFAR10 -> Cifar.CIFAR10.isIn(folder);
            case CIFAR100 -> Cifar.CIFAR100.isIn(folder);
            case FOLDER, STREAM -> FolderListing.isIn(folder);
            default -> false;
        };
    }

    /** @param size that images have or are scaled to, {@code 224} or {@code 32x32}; empty for their own */
    Dataset open(Path folder, String size) {
        String[] sides = size.split("x");
        return switch (this) {
            case CIFAR10 -> Datasets.cifar10(folder);
            case CIFAR100 -> Datasets.cifar100(folder);
            case FOLDER -> Datasets.imageFolder(folder, size.isEmpty() ? LENIENT
                    : LENIENT.scaledTo(pixels(size, sides[0]), pixels(size, sides[sides.length - 1])), PROGRESS);
            case STREAM -> Datasets.imageStream(folder, pixels(size, size), LENIENT);
            default -> throw new IllegalStateException(word() + " lies in no folder");
        };
    }

    /** What is at hand or can be downloaded. */
    Optional<Dataset> withoutFolder() {
        return switch (this) {
            case FASHION_MNIST_SAMPLE -> Optional.of(Datasets.sample());
            case FASHION_MNIST -> Optional.of(Datasets.fashionMnist(PROGRESS));
            case CIFAR10 -> Optional.of(Datasets.cifar10(PROGRESS));
            case CIFAR100 -> Optional.of(Datasets.cifar100(PROGRESS));
            default -> Optional.empty();
        };
    }

    private static int pixels(String size, String side) {
        try {
            return Integer.parseInt(side);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("'" + size + "' is no size of images; 224 or 32x32 are", e);
        }
    }
}
