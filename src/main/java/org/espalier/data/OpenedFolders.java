package org.espalier.data;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Remembers which folders datasets were opened from in this JVM, so that a study finds by its name what a notebook has opened. */
final class OpenedFolders {
    /** As many as there are calls with different folders in a notebook. */
    private static final Set<Path> FOLDERS = Collections.synchronizedSet(new LinkedHashSet<>());

    private OpenedFolders() {
    }

    static Dataset remember(Path folder, Dataset opened) {
        FOLDERS.add(folder.toAbsolutePath().normalize());
        return opened;
    }

    static List<Path> all() {
        synchronized (FOLDERS) {
            return List.copyOf(FOLDERS);
        }
    }
}
