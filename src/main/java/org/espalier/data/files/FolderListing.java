package org.espalier.data.files;

import org.espalier.text.Sha256;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * The image files of a folder with {@code train/} and {@code test/} or {@code val/} (both: {@code val/} is for validation), each with a folder
 * per class. Classes and the files inside a class are in the order of their names. Hidden entries are passed over; whatever else isn't expected
 * there is refused, so that no image is left out silently, and so are links, which could point anywhere.
 */
public record FolderListing(Path root, List<String> classes, List<Part> parts) {
    private static final List<String> ENDINGS = List.of(".jpg", ".jpeg", ".png");

    /** One of train, validation and test: its images, class by class. */
    public record Part(String folder, List<Image> files) {
        /** @throws IllegalArgumentException for more than fits into one buffer */
        public long bytes(ImageDecoder.Size size) {
            long bytes = 3L * size.height() * size.width() * files.size();
            if (bytes > Integer.MAX_VALUE) {
                throw new IllegalArgumentException(files.size() + " images of " + size + " in " + folder + " take " + bytes
                        + " bytes; at most 2^31 - 1 are held in memory: say a smaller size to scale them to");
            }
            return bytes;
        }
    }

    public record Image(Path path, int label, long bytes, long modified) {
    }

    private record Entry(String name, Path path, BasicFileAttributes attributes) {
    }

    /** @throws IllegalArgumentException naming what is missing, empty, linked, or different between the parts */
    public static FolderListing of(Path given) {
        try {
            Path root = given.toRealPath();
            Map<String, Entry> inside = new TreeMap<>();
            for (Entry entry : entries(root)) {
                inside.put(entry.name(), entry);
            }
            if (!inside.containsKey("train") || !inside.containsKey("test") && !inside.containsKey("val")) {
                throw new IllegalArgumentException(root + " has to hold the folders train and test (or val), each with a folder per class; it holds "
                        + inside.keySet().stream().limit(20).toList());
            }
            List<String> classes = entries(folder(inside.get("train"))).stream().map(Entry::name).toList();
            List<Part> parts = new ArrayList<>();
            for (String name : inside.containsKey("test") ? List.of("train", "val", "test") : List.of("train", "val")) {
                if (inside.containsKey(name)) {
                    parts.add(part(folder(inside.get(name)), classes));
                }
            }
            return new FolderListing(root, classes, List.copyOf(parts));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list the image folder " + given + " (" + e + ")", e);
        }
    }

    private static Part part(Path folder, List<String> classes) throws IOException {
        List<Entry> found = entries(folder);
        List<String> names = found.stream().map(Entry::name).toList();
        if (names.isEmpty()) {
            throw new IllegalArgumentException(folder + " holds no class folder; put a folder of images per class there");
        }
        if (!names.equals(classes)) {
            List<String> missing = classes.stream().filter(c -> !names.contains(c)).toList();
            List<String> unknown = names.stream().filter(c -> !classes.contains(c)).toList();
            throw new IllegalArgumentException("the class folders of " + folder + " have to be those of train: missing " + missing
                    + ", not in train " + unknown);
        }
        List<Image> files = new ArrayList<>();
        for (int label = 0; label < classes.size(); label++) {
            Path ofClass = folder(found.get(label));
            List<Entry> images = entries(ofClass);
            for (Entry entry : images) {
                String lower = entry.name().toLowerCase(Locale.ROOT);
                if (!entry.attributes().isRegularFile() || ENDINGS.stream().noneMatch(lower::endsWith)) {
                    throw new IllegalArgumentException(entry.path() + " is no " + ENDINGS + " file; convert it, or take it out of the class folder");
                }
                if (entry.attributes().size() == 0) {
                    throw new IllegalArgumentException(entry.path() + " is empty; replace or remove it");
                }
                files.add(new Image(entry.path(), label, entry.attributes().size(), entry.attributes().lastModifiedTime().toMillis()));
            }
            if (images.isEmpty()) {
                throw new IllegalArgumentException("the class folder " + ofClass + " has no image (" + ENDINGS + "); fill it, or remove the class "
                        + "from every part");
            }
        }
        return new Part(folder.getFileName().toString(), List.copyOf(files));
    }

    private static Path folder(Entry entry) {
        if (!entry.attributes().isDirectory()) {
            throw new IllegalArgumentException(entry.path() + " has to be a folder");
        }
        return entry.path();
    }

    /** What isn't hidden, by name; nothing is followed. */
    private static List<Entry> entries(Path folder) throws IOException {
        List<Entry> entries = new ArrayList<>();
        try (DirectoryStream<Path> paths = Files.newDirectoryStream(folder)) {
            for (Path path : paths) {
                String name = path.getFileName().toString();
                if (name.startsWith(".")) {
                    continue;
                }
                BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
                if (attributes.isSymbolicLink()) {
                    throw new IllegalArgumentException(path + " is a symbolic link, which is not followed; put the real file or folder there");
                }
                entries.add(new Entry(name, path, attributes));
            }
        }
        entries.sort(Comparator.comparing(Entry::name));
        return entries;
    }

    int size() {
        return parts.stream().mapToInt(part -> part.files().size()).sum();
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
                lines.append(file.path().getFileName()).append('\0').append(file.label()).append('\0')
                        .append(state.apply(file)).append('\n');
            }
            digest.update(lines.toString().getBytes(StandardCharsets.UTF_8));
        }
        return Sha256.hex(digest.digest());
    }
}
