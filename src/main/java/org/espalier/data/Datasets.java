package org.espalier.data;

import java.nio.file.Path;
import org.espalier.data.files.CacheFolder;
import org.espalier.data.files.FolderDecoding;
import org.espalier.data.files.FolderListing;
import org.espalier.data.files.ImageFolderOptions;
import org.espalier.data.files.ProgressListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The datasets by name. All fail with an {@link IllegalArgumentException} or {@link java.io.UncheckedIOException} that names the file. */
public final class Datasets {
    private static final Logger LOG = LoggerFactory.getLogger(Datasets.class);

    private Datasets() {
    }

    /** {@code fashion-mnist-sample}: the first 200 training and 50 test images of every class of Fashion-MNIST, from the jar. */
    public static Dataset sample() {
        return FashionMnist.sample();
    }

    /** {@code fashion-mnist}: 60,000 and 10,000 grey images of 28 x 28, from Debian's package {@code dataset-fashion-mnist} or downloaded. */
    public static Dataset fashionMnist(ProgressListener progress) {
        return FashionMnist.full(progress);
    }

    /** {@code cifar10}: 50,000 and 10,000 colour images of 32 x 32, from the cache folder, downloaded into it the first time (170 MB). */
    public static Dataset cifar10(ProgressListener progress) {
        return Cifar.CIFAR10.cached(CacheFolder.ofUser(), progress);
    }

    /**
     * From a folder with the six files of CIFAR-10, of its binary or its Python version. With fewer records than the official ones it is named after
     * the content.
     */
    public static Dataset cifar10(Path folder) {
        return OpenedFolders.remember(folder, Cifar.CIFAR10.in(folder));
    }

    /** {@code cifar100}: as many images of 100 classes, which are CIFAR-100's fine labels. */
    public static Dataset cifar100(ProgressListener progress) {
        return Cifar.CIFAR100.cached(CacheFolder.ofUser(), progress);
    }

    /** From a folder with the two files of CIFAR-100, of its binary or its Python version. */
    public static Dataset cifar100(Path folder) {
        return OpenedFolders.remember(folder, Cifar.CIFAR100.in(folder));
    }

    /**
     * From a folder that holds {@code train/} and {@code test/} or {@code val/} (or all three; {@code training}, {@code valid}, {@code validation}
     * and {@code testing} are read as well, in any case), each with a folder per class. The images, all of one size, are JPEG, PNG, GIF, BMP, TIFF
     * or WebP files. They are decoded once and cached. The normalisation is measured on the training images.
     */
    public static Dataset imageFolder(Path folder, ImageFolderOptions options, ProgressListener progress) {
        FolderDecoding decoding = new FolderDecoding(told(FolderListing.of(folder, options)), options.size(), progress);
        return OpenedFolders.remember(folder, ImageFolder.load(decoding, CacheFolder.ofUser()));
    }

    /**
     * From such a folder with images of any size and number, ImageNet for instance: nothing is cached, and the files are decoded on all cores
     * while the device works, every epoch anew. Training takes a random part of every image, scaled to {@code size} x {@code size}, and its mirror
     * image for one in two; evaluation takes the middle of the image whose shorter side was scaled to {@code size * 256 / 224}: with 224, what
     * ImageNet's published accuracies are measured on. The normalisation is ImageNet's.
     */
    public static Dataset imageStream(Path folder, int size) {
        return imageStream(folder, size, ImageFolderOptions.strict());
    }

    /** The same of a folder with empty classes or links. */
    public static Dataset imageStream(Path folder, int size, ImageFolderOptions options) {
        return OpenedFolders.remember(folder, ImageFiles.dataset(told(FolderListing.of(folder, options)), size));
    }

    private static FolderListing told(FolderListing listing) {
        if (!listing.passedOver().isEmpty()) {
            LOG.warn(listing.remark());
        }
        return listing;
    }
}
