package org.espalier;

import java.nio.file.Path;
import org.espalier.data.Dataset;
import org.espalier.data.Datasets;
import org.espalier.data.files.ImageFolderOptions;
import org.espalier.report.StudyVerbs;
import org.espalier.report.Watching;

/** The verbs of data, which {@code import static org.espalier.Espalier.*} brings along. */
public class DataVerbs extends StudyVerbs {
    /** There are only verbs. */
    protected DataVerbs() {
    }

    /** 2,000 training and 500 test images of Fashion-MNIST, from this library's own jar. */
    public static Dataset sample() {
        return Datasets.sample();
    }

    /** All of Fashion-MNIST: from Debian's package dataset-fashion-mnist where it is installed, else downloaded once. */
    public static Dataset fashionMnist() {
        return Datasets.fashionMnist(Watching.loading());
    }

    /** CIFAR-10, downloaded once. */
    public static Dataset cifar10() {
        return Datasets.cifar10(Watching.loading());
    }

    /** CIFAR-10 from its official files in this folder, of the binary or the Python version. */
    public static Dataset cifar10(Path folder) {
        return Datasets.cifar10(folder);
    }

    /** CIFAR-100 with its fine labels, downloaded once. */
    public static Dataset cifar100() {
        return Datasets.cifar100(Watching.loading());
    }

    /** CIFAR-100 from its official files in this folder, of the binary or the Python version. */
    public static Dataset cifar100(Path folder) {
        return Datasets.cifar100(folder);
    }

    /** {@code train} and {@code test} (or {@code val}) with a folder of images per class, all of one size. */
    public static Dataset imageFolder(Path folder) {
        return imageFolder(folder, ImageFolderOptions.strict());
    }

    /** The same with every image scaled to a square of this many pixels a side. */
    public static Dataset imageFolder(Path folder, int size) {
        return imageFolder(folder, ImageFolderOptions.strict().scaledTo(size));
    }

    /** The same with what is refused otherwise: {@code imageFolder(path, allowEmptyClasses().scaledTo(32))}. */
    public static Dataset imageFolder(Path folder, ImageFolderOptions options) {
        return Datasets.imageFolder(folder, options, Watching.loading());
    }

    /** For {@link #imageFolder}: a class may have no images in a part, or no folder there. */
    public static ImageFolderOptions allowEmptyClasses() {
        return ImageFolderOptions.strict().allowEmptyClasses();
    }

    /** For {@link #imageFolder}: symbolic links lead to what is read. */
    public static ImageFolderOptions followLinks() {
        return ImageFolderOptions.strict().followLinks();
    }

    /** The same tree with images of any size and any number, decoded ahead of the device whenever they are wanted, as ImageNet needs it. */
    public static Dataset imageStream(Path folder, int size) {
        return Datasets.imageStream(folder, size);
    }

    /** The same with what is refused otherwise. */
    public static Dataset imageStream(Path folder, int size, ImageFolderOptions options) {
        return Datasets.imageStream(folder, size, options);
    }
}
