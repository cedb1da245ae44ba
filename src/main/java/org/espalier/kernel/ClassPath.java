package org.espalier.kernel;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.dflib.jjava.jupyter.Extension;
import org.espalier.kernel.code.CellFailure;
import org.espalier.kernel.code.ErrorText;
import org.espalier.kernel.code.Session;

/** What code can use: the jars that the kernel started with, and those added since. The first of two versions of a library counts. */
final class ClassPath {
    private static final Pattern VERSIONED = Pattern.compile("(.+?)-(\\d[\\w.+-]*?)\\.jar");

    private final Session session;
    private final Consumer<Extension> extensions;
    private final Set<Path> entries = new LinkedHashSet<>();
    /** From a library's name, as jar files have it, to the version that is in use. */
    private final Map<String, String> versions = new LinkedHashMap<>();

    /** Names of the libraries that the kernel itself runs with. */
    private final Set<String> kernels;

    /** @param extensions installs what an added jar brings for JJava's kernels */
    ClassPath(Session session, Consumer<Extension> extensions) {
        this.session = session;
        this.extensions = extensions;
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator)).filter(entry -> !entry.isBlank()).map(Path::of).forEach(this::note);
        kernels = Set.copyOf(versions.keySet());
    }

    private void note(Path entry) {
        entries.add(entry.toAbsolutePath().normalize());
        Matcher versioned = VERSIONED.matcher(String.valueOf(entry.getFileName()));
        if (versioned.matches()) {
            versions.putIfAbsent(versioned.group(1), versioned.group(2));
        }
    }

    /** The version in use of the library that jars have this name of, such as {@code commons-csv}. */
    Optional<String> version(String library) {
        return Optional.ofNullable(versions.get(library));
    }

    /**
     * Adds jars and folders.
     *
     * @return what to tell the reader: what was added, and of what another version stays in use
     */
    List<String> add(List<Path> paths) {
        List<String> added = new ArrayList<>();
        List<String> words = new ArrayList<>();
        List<Path> fresh = new ArrayList<>();
        for (Path path : paths) {
            Path whole = path.toAbsolutePath().normalize();
            Matcher versioned = VERSIONED.matcher(String.valueOf(whole.getFileName()));
            Optional<String> inUse = versioned.matches() ? version(versioned.group(1)) : Optional.empty();
            if (entries.contains(whole) || inUse.isPresent() && inUse.get().equals(versioned.group(2))) {
                continue;
            }
            if (inUse.isPresent()) {
                words.add(stays(versioned.group(1), versioned.group(2), inUse.get()));
                continue;
            }
            session.addToClassPath(whole);
            note(whole);
            fresh.add(whole);
            added.add(String.valueOf(whole.getFileName()));
        }
        if (!fresh.isEmpty()) {
            System.setProperty("java.class.path", entries.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator)));
            fresh.forEach(this::install);
            words.add(0, "Added " + String.join(", ", added));
        }
        return words;
    }

    /** Installs the extensions that a jar or folder names. One that doesn't work is told, and the jar is on the class path all the same. */
    private void install(Path place) {
        try {
            for (String name : extensionsIn(place)) {
                extensions.accept((Extension) session.classLoader().loadClass(name).getConstructor().newInstance());
            }
        } catch (IOException | ReflectiveOperationException | LinkageError | RuntimeException e) {
            System.err.println("Note: what " + place.getFileName() + " brings for Java kernels can't be used: " + e);
        }
    }

    private static List<String> extensionsIn(Path place) throws IOException {
        String list = "META-INF/services/" + Extension.class.getName();
        String text = "";
        if (Files.isRegularFile(place.resolve(list))) {
            text = Files.readString(place.resolve(list));
        } else if (Files.isRegularFile(place)) {
            try (ZipFile jar = new ZipFile(place.toFile())) {
                ZipEntry entry = jar.getEntry(list);
                text = entry == null ? "" : new String(jar.getInputStream(entry).readAllBytes(), StandardCharsets.UTF_8);
            }
        }
        return text.lines().map(line -> line.replaceAll("#.*", "").strip()).filter(line -> !line.isEmpty()).toList();
    }

    /** What to tell who asks for another version than the one in use. */
    String stays(String library, String asked, String inUse) {
        boolean own = kernels.contains(library.substring(library.indexOf(':') + 1));
        return library + " " + inUse + " stays in use, not " + asked + ": " + (own ? "the kernel itself runs with it"
                : "it was added before. For the other one, restart the kernel and ask for that first");
    }

    /** The files that words of a magic stand for: paths, {@code folder/*} for a folder's jars, patterns such as {@code lib/*.jar}. */
    static List<Path> files(String arguments) throws CellFailure {
        if (!arguments.isBlank() && Files.exists(Path.of(arguments.strip()))) {
            return List.of(Path.of(arguments.strip())); // A path with spaces, as it is.
        }
        List<Path> found = new ArrayList<>();
        List<String> words = Words.of(arguments);
        for (int i = 0; i < words.size(); i++) {
            String word = home(words.get(i));
            if (word.matches(".*[*?\\[{].*")) {
                found.addAll(matching(word.endsWith("/*") ? word + ".jar" : word));
                continue;
            }
            // Words that make a path only together.
            String path = word;
            int next = i;
            while (!Files.exists(Path.of(path)) && next + 1 < words.size()) {
                path += " " + words.get(++next);
            }
            if (Files.exists(Path.of(path))) {
                i = next;
                found.add(Path.of(path));
            } else {
                throw ErrorText.plain("FileError", "there is no " + Path.of(word).toAbsolutePath());
            }
        }
        return found;
    }

    private static String home(String path) {
        return path.startsWith("~/") ? System.getProperty("user.home") + path.substring(1) : path;
    }

    private static List<Path> matching(String pattern) throws CellFailure {
        int wild = pattern.split("[*?\\[{]", 2)[0].lastIndexOf('/');
        Path folder = wild < 0 ? Path.of("") : Path.of(pattern.substring(0, Math.max(1, wild)));
        PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + pattern.substring(wild + 1));
        try (Stream<Path> all = Files.walk(folder, pattern.contains("**") ? Integer.MAX_VALUE : pattern.substring(wild + 1).split("/").length)) {
            List<Path> found = all.filter(path -> !path.equals(folder) && matcher.matches(folder.relativize(path))).sorted().toList();
            if (found.isEmpty()) {
                throw ErrorText.plain("FileError", "nothing matches " + pattern + " in " + folder.toAbsolutePath());
            }
            return found;
        } catch (IOException e) {
            throw ErrorText.plain("FileError", "cannot list " + folder.toAbsolutePath() + ": there is no such folder, or it can't be read");
        }
    }
}
