package org.espalier.kernel.code;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.JavaFileObject.Kind;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.StandardLocation;

/**
 * The class path as the compiler sees it, with the jars' tables of contents read once. The compiler's own way opens each jar as a file
 * system first, which would be a third of the kernel's start.
 */
final class ClassPathFiles extends ForwardingJavaFileManager<StandardJavaFileManager> implements StandardJavaFileManager {
    private final Map<String, List<JavaFileObject>> listed = new HashMap<>();
    private final Map<String, List<Entry>> packages = new HashMap<>();
    private final Set<Path> indexed = new HashSet<>();
    private final List<Path> folders = new ArrayList<>();
    private boolean upToDate;

    ClassPathFiles(StandardJavaFileManager files) {
        super(files);
    }

    private record Entry(ZipFile jar, String name) { }

    /** A class in a jar or a folder. */
    private static final class ClassFile extends SimpleJavaFileObject {
        private final String name;
        private final Content content;

        private interface Content {
            InputStream open() throws IOException;
        }

        private ClassFile(URI uri, String path, Content content) {
            super(uri, Kind.CLASS);
            this.name = path.substring(0, path.length() - Kind.CLASS.extension.length()).replace('/', '.');
            this.content = content;
        }

        static ClassFile in(ZipFile jar, String path) {
            return new ClassFile(URI.create(new File(jar.getName()).toURI() + "!/" + path), path, () -> jar.getInputStream(jar.getEntry(path)));
        }

        static ClassFile of(Path file, String path) {
            return new ClassFile(file.toUri(), path, () -> Files.newInputStream(file));
        }

        @Override
        public InputStream openInputStream() throws IOException {
            return content.open();
        }
    }

    private synchronized List<JavaFileObject> classes(String pack) {
        if (!upToDate) {
            upToDate = true;
            listed.clear();
            for (Path path : fileManager.getLocationAsPaths(StandardLocation.CLASS_PATH)) {
                if (indexed.add(path)) {
                    index(path);
                }
            }
        }
        List<JavaFileObject> inJars = listed.computeIfAbsent(pack, name -> packages.getOrDefault(name, List.of()).stream()
                .<JavaFileObject>map(entry -> ClassFile.in(entry.jar(), entry.name())).toList());
        if (folders.isEmpty()) {
            return inJars;
        }
        List<JavaFileObject> all = new ArrayList<>(inJars);
        folders.forEach(folder -> all.addAll(inFolder(folder, pack)));
        return all;
    }

    /** The classes of this simple name in the jars of the class path, by their full names. */
    synchronized List<String> named(String simpleName) {
        String ending = "/" + simpleName + ".class";
        classes("");
        return packages.values().stream().flatMap(List::stream).map(Entry::name).filter(name -> name.endsWith(ending)).distinct()
                .map(name -> name.substring(0, name.length() - ".class".length()).replace('/', '.')).toList();
    }

    private static List<JavaFileObject> inFolder(Path folder, String pack) {
        String inside = pack.replace('.', '/');
        Path place = folder.resolve(inside);
        if (!Files.isDirectory(place)) {
            return List.of();
        }
        try (var files = Files.list(place)) {
            return files.filter(file -> file.toString().endsWith(".class"))
                    .<JavaFileObject>map(file -> ClassFile.of(file, (inside.isEmpty() ? "" : inside + "/") + file.getFileName())).toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + place + ": " + e.getMessage(), e);
        }
    }

    private void index(Path path) {
        if (Files.isDirectory(path)) {
            folders.add(path);
        } else if (Files.isRegularFile(path)) {
            try {
                ZipFile jar = new ZipFile(path.toFile());
                jar.stream().map(ZipEntry::getName).filter(name -> name.endsWith(".class")).forEach(name -> {
                    int slash = name.lastIndexOf('/');
                    String pack = slash < 0 ? "" : name.substring(0, slash).replace('/', '.');
                    packages.computeIfAbsent(pack, p -> new ArrayList<>()).add(new Entry(jar, name));
                });
            } catch (IOException e) {
                throw new UncheckedIOException("cannot read " + path + ", which is on the class path: " + e.getMessage(), e);
            }
        }
    }

    @Override
    public synchronized boolean handleOption(String option, Iterator<String> rest) {
        upToDate = false;
        return super.handleOption(option, rest);
    }

    @Override
    public Iterable<JavaFileObject> list(Location location, String pack, Set<Kind> kinds, boolean recurse) throws IOException {
        if (location != StandardLocation.CLASS_PATH || recurse) {
            return super.list(location, pack, kinds, recurse);
        }
        return kinds.contains(Kind.CLASS) ? classes(pack) : List.of();
    }

    /** The compiler looks for plug-ins with this before every compilation, in each jar. None may act on a notebook, so none is found. */
    @Override
    public ClassLoader getClassLoader(Location location) {
        return location == StandardLocation.CLASS_PATH ? ClassLoader.getPlatformClassLoader() : super.getClassLoader(location);
    }

    @Override
    public String inferBinaryName(Location location, JavaFileObject file) {
        return file instanceof ClassFile own ? own.name : super.inferBinaryName(location, file);
    }

    @Override
    public boolean isSameFile(FileObject a, FileObject b) {
        return a instanceof ClassFile || b instanceof ClassFile ? a.toUri().equals(b.toUri()) : super.isSameFile(a, b);
    }

    @Override
    public boolean contains(Location location, FileObject file) throws IOException {
        return file instanceof ClassFile ? location == StandardLocation.CLASS_PATH : super.contains(location, file);
    }

    @Override
    public Iterable<? extends JavaFileObject> getJavaFileObjectsFromFiles(Iterable<? extends File> files) {
        return fileManager.getJavaFileObjectsFromFiles(files);
    }

    @Override
    public Iterable<? extends JavaFileObject> getJavaFileObjects(File... files) {
        return fileManager.getJavaFileObjects(files);
    }

    @Override
    public Iterable<? extends JavaFileObject> getJavaFileObjectsFromStrings(Iterable<String> names) {
        return fileManager.getJavaFileObjectsFromStrings(names);
    }

    @Override
    public Iterable<? extends JavaFileObject> getJavaFileObjects(String... names) {
        return fileManager.getJavaFileObjects(names);
    }

    @Override
    public void setLocation(Location location, Iterable<? extends File> files) throws IOException {
        upToDate = false;
        fileManager.setLocation(location, files);
    }

    @Override
    public Iterable<? extends File> getLocation(Location location) {
        return fileManager.getLocation(location);
    }

    @Override
    public Iterable<? extends Path> getLocationAsPaths(Location location) {
        return fileManager.getLocationAsPaths(location);
    }

    @Override
    public void setLocationFromPaths(Location location, Collection<? extends Path> paths) throws IOException {
        upToDate = false;
        fileManager.setLocationFromPaths(location, paths);
    }
}
