package org.espalier.data;

import java.nio.file.Path;
import java.util.Optional;
import org.espalier.data.files.CacheFolder;
import org.espalier.data.files.FolderDecoding;
import org.espalier.data.files.FolderListing;
import org.espalier.data.files.ImageDecoder;
import org.espalier.data.files.ProgressListener;

/** The datasets by name. All fail with an {@link IllegalArgumentException} or {@link java.io.UncheckedIOException} that names the file. */
public final class Datasets {
    private Datasets() {
    }

    /** {@code fashion-mnist-sample}: the first 200 training and 50 test images of every class of Fashion-MNIST, from the jar. */
    public static Dataset sample() {
        return FashionMnist.sample();
    }

    /** {@code fashion-mnist}: 60,000 and 10,000 grey images of 28 x 28, from Debian's package {@code dataset-fashion-mnist} or downloaded. */
    public static Dataset fashionMnist() {
        return fashionMnist(ProgressListener.lines(System.out));
    }

    public static Dataset fashionMnist(ProgressListener progress) {
        return FashionMnist.full(progress);
    }

    /** {@code cifar10}: 50,000 and 10,000 colour images of 32 x 32, from the cache folder, downloaded into it the first time (170 MB). */
    public static Dataset cifar10() {
        return cifar10(ProgressListener.lines(System.out));
    }

    public static Dataset cifar10(ProgressListener progress) {
        return Cifar10.cached(CacheFolder.ofUser(), progress);
    }

    /** From a folder with the six files of CIFAR-10's binary version. With fewer records than the official ones it is named after the content. */
    public static Dataset cifar10(Path folder) {
        return Cifar10.in(folder);
    }

    /**
     * From a folder that holds {@code train/} and {@code test/} or {@code val/} (or all three), each with a folder of JPEG or PNG files per class,
     * all of one size. Decoded once and cached. The normalisation is measured on the training images.
     */
    public static Dataset imageFolder(Path folder) {
        return imageFolder(folder, ProgressListener.lines(System.out));
    }

    public static Dataset imageFolder(Path folder, ProgressListener progress) {
        return ImageFolder.load(new FolderDecoding(FolderListing.of(folder), Optional.empty(), progress), CacheFolder.ofUser());
    }

    /** The same with every image scaled to this size; proportions are not kept. */
    public static Dataset imageFolder(Path folder, int height, int width) {
        return imageFolder(folder, height, width, ProgressListener.lines(System.out));
    }

    public static Dataset imageFolder(Path folder, int height, int width, ProgressListener progress) {
        Optional<ImageDecoder.Size> size = Optional.of(new ImageDecoder.Size(height, width));
        return ImageFolder.load(new FolderDecoding(FolderListing.of(folder), size, progress), CacheFolder.ofUser());
    }

    /**
     * From such a folder with images of any size and number, ImageNet for instance: nothing is cached, and the files are decoded on all cores
     * while the device works, every epoch anew. Training takes a random part of every image, scaled to {@code size} x {@code size}, and its mirror
     * image for one in two; evaluation takes the middle. The normalisation is ImageNet's.
     */
    public static Dataset imageStream(Path folder, int size) {
        return ImageFiles.dataset(FolderListing.of(folder), size);
    }
}
