package org.espalier.data.files;

import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a folder of images is for, by its name in any case. */
enum FolderPart {
    TRAIN("train", "training"),
    VALIDATION("val", "valid", "validation"),
    TEST("test", "testing");

    private final List<String> names;

    FolderPart(String... names) {
        this.names = List.of(names);
    }

    /** The name that stands in checksums, whatever the folder is called. */
    String canonical() {
        return names.get(0);
    }

    /**
     * The parts that a root folder holds, in their order.
     *
     * @throws IllegalArgumentException when there aren't train and test (or val), or there are two folders for one part
     */
    static Map<FolderPart, FolderEntry> in(Path root, List<FolderEntry> entries) {
        Map<FolderPart, FolderEntry> found = new EnumMap<>(FolderPart.class);
        for (FolderPart part : values()) {
            for (FolderEntry entry : entries) {
                if (part.names.contains(entry.name().toLowerCase(Locale.ROOT))) {
                    if (!entry.isFolder()) {
                        throw new IllegalArgumentException(entry.path() + " has to be a folder with a folder of images per class");
                    }
                    FolderEntry other = found.put(part, entry);
                    if (other != null) {
                        throw new IllegalArgumentException(root + " holds " + other.name() + " and " + entry.name()
                                + ", which are names for the same part; merge them, or move one away");
                    }
                }
            }
        }
        if (!found.containsKey(TRAIN) || found.size() < 2) {
            throw new IllegalArgumentException(root + " has to hold the folders train and test (or val), each with a folder of images per class; "
                    + "it holds " + entries.stream().map(FolderEntry::name).limit(20).toList() + ". Read are, in any case, train or training; val, "
                    + "valid or validation; test or testing" + (found.isEmpty() ? "; rename yours, or name the folder above or below this one"
                    : ": " + found.values().stream().map(FolderEntry::name).toList() + " alone is not enough"));
        }
        return found;
    }
}
