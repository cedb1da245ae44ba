package org.espalier.kernel.code;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** Javadoc out of source files on the class path, in jars or folders. */
public final class Sources {
    private static final Pattern METHOD = Pattern.compile("([\\w.$]+)\\((.*)\\)");
    private static final Pattern TYPE = Pattern.compile("[\\w.]+");

    private final List<Path> places;
    private Map<String, Place> files;

    /** Where a source file is: in a folder, or an entry of a jar. */
    private record Place(Path path, String entry) { }

    private Sources(List<Path> places) {
        this.places = places;
    }

    /** @param classPath jars and folders, which may hold {@code .java} files */
    public static Sources of(String classPath) {
        List<Path> places = new ArrayList<>();
        for (String entry : classPath.split(File.pathSeparator)) {
            if (!entry.isEmpty()) {
                places.add(Path.of(entry));
            }
        }
        return new Sources(places);
    }

    /** What is written above the declaration with this signature, as JShell writes signatures. */
    Optional<String> javadoc(String signature) {
        Matcher method = METHOD.matcher(signature);
        boolean call = method.find();
        String name = call ? method.group(1) : lastType(signature);
        String parameters = call ? method.group(2) : null;
        int dot = name.lastIndexOf('.');
        Optional<String> found = parameters == null ? comment(name, null, null)
                : dot > 0 ? comment(name.substring(0, dot), name.substring(dot + 1), parameters) : comment(name, "<init>", parameters);
        return found.map(Inspection::plain);
    }

    private static String lastType(String signature) {
        Matcher type = TYPE.matcher(signature);
        String last = "";
        while (type.find()) {
            last = type.group();
        }
        return last;
    }

    private Optional<String> comment(String type, String method, String parameters) {
        return source(type).flatMap(text -> {
            ParsedSource source = ParsedSource.of(text);
            return new Search(source.comments(), type.substring(type.lastIndexOf('.') + 1), method, parameters).in(source.unit());
        });
    }

    /** The file of this class; a name without a package is looked for in every package. */
    private Optional<String> source(String type) {
        String file = type.replace('.', '/') + ".java";
        Place place = files().get(file);
        if (place == null && !type.contains(".")) {
            place = files().entrySet().stream().filter(one -> one.getKey().endsWith("/" + file)).map(Map.Entry::getValue).findFirst().orElse(null);
        }
        if (place == null) {
            return Optional.empty();
        }
        try {
            if (place.entry() == null) {
                return Optional.of(Files.readString(place.path()));
            }
            try (ZipFile jar = new ZipFile(place.path().toFile())) {
                return Optional.of(new String(jar.getInputStream(jar.getEntry(place.entry())).readAllBytes(), StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            return Optional.empty(); // What can't be read has nothing to tell.
        }
    }

    /** All source files, looked for once, when the first is asked for. */
    private synchronized Map<String, Place> files() {
        if (files == null) {
            files = new HashMap<>();
            for (Path place : places) {
                try {
                    if (Files.isDirectory(place)) {
                        try (var all = Files.walk(place)) {
                            all.filter(path -> path.toString().endsWith(".java")).forEach(path ->
                                    files.putIfAbsent(place.relativize(path).toString().replace(File.separatorChar, '/'), new Place(path, null)));
                        }
                    } else if (Files.isRegularFile(place)) {
                        try (ZipFile jar = new ZipFile(place.toFile())) {
                            jar.stream().map(ZipEntry::getName).filter(name -> name.endsWith(".java"))
                                    .forEach(name -> files.putIfAbsent(name, new Place(place, name)));
                        }
                    }
                } catch (IOException e) {
                    // A place that can't be read has no sources to offer.
                }
            }
        }
        return files;
    }

    /** Looks for a class, or for one of its methods with the same parameter names. */
    private static final class Search extends TreePathScanner<Void, Void> {
        private final DocTrees trees;
        private final String type;
        private final String method;
        private final String parameters;
        private String found;

        Search(DocTrees trees, String type, String method, String parameters) {
            this.trees = trees;
            this.type = type;
            this.method = method;
            this.parameters = parameters;
        }

        Optional<String> in(CompilationUnitTree unit) {
            scan(new TreePath(unit), null);
            return Optional.ofNullable(found);
        }

        @Override
        public Void visitClass(ClassTree tree, Void nothing) {
            if (method == null && tree.getSimpleName().contentEquals(type)) {
                take();
            }
            return super.visitClass(tree, null);
        }

        @Override
        public Void visitMethod(MethodTree tree, Void nothing) {
            if (method != null && tree.getName().contentEquals(method) && parameters.equals("") == tree.getParameters().isEmpty()
                    && sameNames(tree)) {
                take();
            }
            return null;
        }

        private boolean sameNames(MethodTree tree) {
            String[] given = parameters.isEmpty() ? new String[0] : parameters.split(",(?![^<]*>)");
            if (given.length != tree.getParameters().size()) {
                return false;
            }
            for (int i = 0; i < given.length; i++) {
                String one = given[i].strip();
                String name = one.substring(one.lastIndexOf(' ') + 1);
                if (!tree.getParameters().get(i).getName().contentEquals(name)) {
                    return false;
                }
            }
            return true;
        }

        private void take() {
            if (found == null) {
                found = trees.getDocComment(getCurrentPath());
            }
        }
    }
}
