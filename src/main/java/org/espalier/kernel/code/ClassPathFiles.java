package org.espalier.kernel.code;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
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
    private final Map<String, List<Entry>> packages = new HashMap<>();
    private final Map<String, List<JavaFileObject>> listed = new HashMap<>();
    private boolean indexed;

    ClassPathFiles(StandardJavaFileManager files) {
        super(files);
    }

    private record Entry(ZipFile jar, String name) { }

    private static final class ClassInJar extends SimpleJavaFileObject {
        private final ZipFile jar;
        private final String path;

        ClassInJar(ZipFile jar, String path) {
            super(URI.create(new File(jar.getName()).toURI() + "!/" + path), Kind.CLASS);
            this.jar = jar;
            this.path = path;
        }

        String binaryName() {
            return path.substring(0, path.length() - Kind.CLASS.extension.length()).replace('/', '.');
        }

        @Override
        public InputStream openInputStream() throws IOException {
            return jar.getInputStream(jar.getEntry(path));
        }
    }

    private synchronized List<JavaFileObject> classes(String pack) {
        if (!indexed) {
            indexed = true;
            Iterable<? extends Path> paths = fileManager.getLocationAsPaths(StandardLocation.CLASS_PATH);
            for (Path path : paths) {
                if (path.toString().endsWith(".jar") && path.toFile().isFile()) {
                    index(path);
                }
            }
        }
        return listed.computeIfAbsent(pack, name -> packages.getOrDefault(name, List.of()).stream()
                .<JavaFileObject>map(entry -> new ClassInJar(entry.jar(), entry.name())).toList());
    }

    private void index(Path path) {
        try {
            ZipFile jar = new ZipFile(path.toFile());
            jar.stream().map(ZipEntry::getName).filter(name -> name.endsWith(".class")).forEach(name -> {
                int slash = name.lastIndexOf('/');
                String pack = slash < 0 ? "" : name.substring(0, slash).replace('/', '.');
                packages.computeIfAbsent(pack, p -> new ArrayList<>()).add(new Entry(jar, name));
            });
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + path + ": " + e.getMessage(), e);
        }
    }

    @Override
    public Iterable<JavaFileObject> list(Location location, String pack, Set<Kind> kinds, boolean recurse) throws IOException {
        if (location != StandardLocation.CLASS_PATH || recurse) {
            return super.list(location, pack, kinds, recurse);
        }
        return kinds.contains(Kind.CLASS) ? classes(pack) : List.of();
    }

    @Override
    public String inferBinaryName(Location location, JavaFileObject file) {
        return file instanceof ClassInJar inJar ? inJar.binaryName() : super.inferBinaryName(location, file);
    }

    @Override
    public boolean isSameFile(FileObject a, FileObject b) {
        return a instanceof ClassInJar || b instanceof ClassInJar ? a.toUri().equals(b.toUri()) : super.isSameFile(a, b);
    }

    @Override
    public boolean contains(Location location, FileObject file) throws IOException {
        return file instanceof ClassInJar ? location == StandardLocation.CLASS_PATH : super.contains(location, file);
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
        fileManager.setLocationFromPaths(location, paths);
    }
}
