package org.espalier.data.files;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** A file or folder in a folder: the name that it has there, and where it really lies if that name is a link. */
record FolderEntry(String name, Path path, BasicFileAttributes attributes) {

    /** What a folder holds, in the order of the names; what systems leave there is passed over. */
    static List<FolderEntry> of(Path folder, ImageFolderOptions options) throws IOException {
        List<FolderEntry> entries = new ArrayList<>();
        try (DirectoryStream<Path> paths = Files.newDirectoryStream(folder)) {
            for (Path path : paths) {
                if (!ImageKind.isLeftBySystem(path.getFileName().toString())) {
                    entries.add(of(path, options.links()));
                }
            }
        }
        entries.sort(Comparator.comparing(FolderEntry::name));
        return entries;
    }

    private static FolderEntry of(Path path, boolean links) throws IOException {
        String name = path.getFileName().toString();
        BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        if (!attributes.isSymbolicLink()) {
            return new FolderEntry(name, path, attributes);
        }
        if (!links) {
            throw new IllegalArgumentException(path + " is a symbolic link, which is not followed; put the real file or folder there, or call "
                    + "imageFolder(folder, followLinks())");
        }
        try {
            Path real = path.toRealPath();
            return new FolderEntry(name, real, Files.readAttributes(real, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS));
        } catch (IOException e) {
            throw new IllegalArgumentException(path + " is a symbolic link that leads nowhere (" + e + "); remove or mend it", e);
        }
    }

    boolean isFolder() {
        return attributes.isDirectory();
    }
}
