package org.espalier.data.files;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Tells by its name what a file in a folder of images is. */
enum ImageKind {
    /** An image that can be decoded. */
    READABLE("jpg", "jpeg", "jpe", "jfif", "png", "bmp", "gif", "tif", "tiff", "webp"),
    /** An image that can't: leaving it out would change the data without a word. */
    UNREADABLE("heic", "heif", "avif", "jp2", "j2k", "jxl", "svg", "psd", "tga", "ppm", "pgm", "pbm", "ico", "dng", "cr2", "nef", "arw", "exr", "hdr"),
    /** Anything else. */
    NONE;

    /** What Windows, macOS, Synology and archivers leave in folders. */
    private static final Set<String> LEFT_BY_SYSTEMS = Set.of("thumbs.db", "ehthumbs.db", "ehthumbs_vista.db", "desktop.ini", "__macosx", "@eadir",
            "$recycle.bin", "system volume information", "lost+found", "icon\r");

    private final List<String> endings;

    ImageKind(String... endings) {
        this.endings = List.of(endings);
    }

    static ImageKind of(String name) {
        String ending = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        return Arrays.stream(values()).filter(kind -> kind.endings.contains(ending)).findFirst().orElse(NONE);
    }

    /** Whether a file or folder is hidden, or was left by a system and not by whoever made the dataset. */
    static boolean isLeftBySystem(String name) {
        return name.startsWith(".") || LEFT_BY_SYSTEMS.contains(name.toLowerCase(Locale.ROOT));
    }

    static String readable() {
        return "." + String.join(", .", READABLE.endings);
    }
}
