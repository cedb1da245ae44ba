package org.espalier.data.files;

import org.espalier.text.Sha256;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * The image files of a folder with {@code train/} and {@code test/} or {@code val/} (both: {@code val/} is for validation), each with a folder
 * per class. Classes and the files inside a class are in the order of their names.
 *
 * <p>No image is left out silently: what systems leave in folders is passed over, other files are listed in {@code passedOver}, and whatever may
 * be meant as an image and isn't read as one is refused by name.
 *
 * @param passedOver files that are no images, and folders beside the parts
 */
public record FolderListing(Path root, List<String> classes, List<Part> parts, List<Path> passedOver) {

    /** One of train, validation and test: its images, class by class. */
    public record Part(String folder, List<Image> files) {
        /** @throws IllegalArgumentException for more than fits into one buffer */
        public long bytes(ImageDecoder.Size size) {
            long bytes = 3L * size.height() * size.width() * files.size();
            if (bytes > Integer.MAX_VALUE) {
                throw new IllegalArgumentException(files.size() + " images of " + size + " in " + folder + " take " + bytes + " bytes; at most "
                        + "2^31 - 1 are held in memory: scale them to a smaller size with imageFolder(folder, size), or read them with "
                        + "imageStream(folder, size)");
            }
            return bytes;
        }
    }

    /** @param name in its class folder, where {@code path} is what a link leads to */
    public record Image(String name, Path path, int label, long bytes, long modified) {
    }

    /** As strict as can be. */
    public static FolderListing of(Path given) {
        return of(given, ImageFolderOptions.strict());
    }

    /** @throws IllegalArgumentException naming what is missing, empty, linked, or different between the parts */
    public static FolderListing of(Path given, ImageFolderOptions options) {
        try {
            Path root = given.toRealPath();
            List<FolderEntry> inside = FolderEntry.of(root, options);
            Map<FolderPart, FolderEntry> parts = FolderPart.in(root, inside);
            List<Path> passedOver = new ArrayList<>();
            inside.stream().filter(entry -> entry.isFolder() && !parts.containsValue(entry)).forEach(entry -> passedOver.add(entry.path()));
            List<String> classes = List.copyOf(classes(parts.get(FolderPart.TRAIN).path(), options, new ArrayList<>()).keySet());
            List<Part> listed = new ArrayList<>();
            for (var part : parts.entrySet()) {
                listed.add(part(part.getKey(), part.getValue().path(), classes, options, passedOver));
            }
            return new FolderListing(root, classes, List.copyOf(listed), List.copyOf(passedOver));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list the image folder " + given + " (" + e + ")", e);
        }
    }

    /** Whether a folder holds folders for training and for tests, by their names. */
    public static boolean isIn(Path folder) {
        try {
            return Files.isDirectory(folder) && FolderPart.in(folder, FolderEntry.of(folder, ImageFolderOptions.strict().followLinks())).size() > 1;
        } catch (IOException | IllegalArgumentException e) {
            return false;
        }
    }

    /** The class folders of a part by their names. */
    private static Map<String, Path> classes(Path folder, ImageFolderOptions options, List<Path> passedOver) throws IOException {
        Map<String, Path> classes = new TreeMap<>();
        List<Path> files = new ArrayList<>();
        for (FolderEntry entry : FolderEntry.of(folder, options)) {
            if (entry.isFolder()) {
                classes.put(entry.name(), entry.path());
            } else {
                files.add(entry.path());
            }
        }
        if (classes.isEmpty()) {
            throw new IllegalArgumentException(folder + " holds no class folder" + (files.isEmpty() ? "" : ", but " + files.size() + " files such as "
                    + files.get(0).getFileName()) + "; put a folder of images per class there");
        }
        passedOver.addAll(files);
        return classes;
    }

    private static Part part(FolderPart part, Path folder, List<String> classes, ImageFolderOptions options, List<Path> passedOver)
            throws IOException {
        Map<String, Path> found = classes(folder, options, passedOver);
        TreeSet<String> missing = new TreeSet<>(classes);
        missing.removeAll(found.keySet());
        TreeSet<String> unknown = new TreeSet<>(found.keySet());
        classes.forEach(unknown::remove);
        if (!unknown.isEmpty() || !missing.isEmpty() && !options.emptyClasses()) {
            throw new IllegalArgumentException("the class folders of " + folder + " have to be those of train: missing " + missing
                    + ", not in train " + unknown + (unknown.isEmpty() ? "; where they are rightly missing, call imageFolder(folder, allowEmptyClasses())"
                    : "; rename or remove them"));
        }
        List<Image> files = new ArrayList<>();
        for (int label = 0; label < classes.size(); label++) {
            Path ofClass = found.get(classes.get(label));
            List<Image> images = ofClass == null ? List.of() : images(ofClass, label, options, passedOver);
            if (images.isEmpty() && !options.emptyClasses()) {
                throw new IllegalArgumentException("the class folder " + ofClass + " has no image (" + ImageKind.readable() + "); fill it, remove "
                        + "the class from every part, or call imageFolder(folder, allowEmptyClasses())");
            }
            files.addAll(images);
        }
        if (files.isEmpty()) {
            throw new IllegalArgumentException(folder + " has no image (" + ImageKind.readable() + ") in any of its classes " + classes);
        }
        return new Part(part.canonical(), List.copyOf(files));
    }

    private static List<Image> images(Path ofClass, int label, ImageFolderOptions options, List<Path> passedOver) throws IOException {
        List<Image> images = new ArrayList<>();
        for (FolderEntry entry : FolderEntry.of(ofClass, options)) {
            if (entry.isFolder()) {
                throw new IllegalArgumentException(entry.path() + " is a folder; a class folder holds the images themselves: move them up into "
                        + ofClass + ", or make " + entry.name() + " a class beside " + ofClass.getFileName());
            }
            switch (ImageKind.of(entry.name())) {
                case READABLE -> images.add(image(entry, label));
                case UNREADABLE -> throw new IllegalArgumentException(entry.path() + " is an image of a kind that is not read; save it as PNG, or "
                        + "take it out of the class folder. Read are " + ImageKind.readable());
                case NONE -> passedOver.add(entry.path());
            }
        }
        return images;
    }

    private static Image image(FolderEntry entry, int label) {
        if (!entry.attributes().isRegularFile()) {
            throw new IllegalArgumentException(entry.path() + " is neither a file nor a folder; remove it");
        }
        if (entry.attributes().size() == 0) {
            throw new IllegalArgumentException(entry.path() + " is empty; replace or remove it");
        }
        return new Image(entry.name(), entry.path(), label, entry.attributes().size(), entry.attributes().lastModifiedTime().toMillis());
    }

    /** All that was passed over in one sentence; empty where there is nothing. */
    public String remark() {
        return passedOver.isEmpty() ? "" : "Passed over in " + root + ": " + passedOver.size() + (passedOver.size() == 1 ? " entry that is" : " entries that are")
                + " no image of a class, such as " + passedOver.stream().limit(3).map(path -> path.startsWith(root) ? root.relativize(path) : path).toList();
    }

    /** Changes when a file is added, removed, renamed, or written to. */
    public String fingerprint() {
        return digest(file -> file.bytes() + "\0" + file.modified());
    }

    /** Changes when a file is added, removed, renamed, or becomes longer or shorter; a copy elsewhere has the same. */
    public String outline() {
        return digest(file -> "" + file.bytes());
    }

    private String digest(Function<Image, String> state) {
        MessageDigest digest = Sha256.digest();
        digest.update(String.join("\n", classes).getBytes(StandardCharsets.UTF_8));
        for (Part part : parts) {
            StringBuilder lines = new StringBuilder("\n" + part.folder() + "\n");
            for (Image file : part.files()) {
                lines.append(file.name()).append('\0').append(file.label()).append('\0').append(state.apply(file)).append('\n');
            }
            digest.update(lines.toString().getBytes(StandardCharsets.UTF_8));
        }
        return Sha256.hex(digest.digest());
    }
}
