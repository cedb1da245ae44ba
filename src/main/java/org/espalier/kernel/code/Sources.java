package org.espalier.kernel.code;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import javax.tools.JavaCompiler;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** Javadoc out of source files on the class path, in jars or folders. */
public final class Sources {
    private static final Pattern METHOD = Pattern.compile("([\\w.$]+)\\((.*)\\)");
    private static final Pattern TYPE = Pattern.compile("[\\w.]+");

    private final List<Path> places;

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
        String name = method.find() ? method.group(1) : lastType(signature);
        String parameters = method.hitEnd() || !signature.contains("(") ? null : method.group(2);
        Optional<String> found = comment(name, null, null);
        int dot = name.lastIndexOf('.');
        if (parameters != null) {
            found = dot > 0 ? comment(name.substring(0, dot), name.substring(dot + 1), parameters) : comment(name, "<init>", parameters);
        }
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
            JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
            JavacTask task = (JavacTask) compiler.getTask(null, null, problem -> { }, List.of("-proc:none"), null, List.of(new Text(text)));
            try {
                CompilationUnitTree unit = task.parse().iterator().next();
                return new Search(DocTrees.instance(task), type.substring(type.lastIndexOf('.') + 1), method, parameters).in(unit);
            } catch (IOException e) {
                return Optional.empty();
            }
        });
    }

    /** The file of this class; a name without a package is looked for in every package. */
    private Optional<String> source(String type) {
        String file = type.replace('.', '/') + ".java";
        boolean anywhere = !type.contains(".");
        for (Path place : places) {
            try {
                if (Files.isDirectory(place)) {
                    if (!anywhere && Files.isRegularFile(place.resolve(file))) {
                        return Optional.of(Files.readString(place.resolve(file)));
                    }
                    if (anywhere) {
                        try (var all = Files.walk(place)) {
                            Optional<Path> found = all.filter(path -> path.endsWith(file)).findFirst();
                            if (found.isPresent()) {
                                return Optional.of(Files.readString(found.get()));
                            }
                        }
                    }
                } else if (Files.isRegularFile(place)) {
                    try (ZipFile jar = new ZipFile(place.toFile())) {
                        Optional<? extends ZipEntry> entry = anywhere
                                ? jar.stream().filter(one -> one.getName().endsWith("/" + file)).findFirst() : Optional.ofNullable(jar.getEntry(file));
                        if (entry.isPresent()) {
                            return Optional.of(new String(jar.getInputStream(entry.get()).readAllBytes(), StandardCharsets.UTF_8));
                        }
                    }
                }
            } catch (IOException e) {
                continue; // A place that can't be read has no sources to offer.
            }
        }
        return Optional.empty();
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
            return super.visitClass(tree, nothing);
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

    private static final class Text extends SimpleJavaFileObject {
        private final String text;

        Text(String text) {
            super(URI.create("string:///Source.java"), Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }
}
