package org.espalier.kernel;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.dflib.jjava.jupyter.kernel.BaseKernel;
import org.espalier.kernel.code.Cell;
import org.espalier.kernel.code.CellFailure;
import org.espalier.kernel.code.ErrorText;
import org.espalier.kernel.code.CellPart;
import org.espalier.kernel.code.Session;
import org.espalier.kernel.code.Session.Shown;
import org.espalier.display.Bundle;

/** Commands to the kernel, each on a line of its own that starts with a percent sign. They do what is typed and nothing more. */
final class Magics implements Session.MagicRunner {
    private record Magic(String usage, String help, Action action) { }

    private interface Action {
        Optional<Shown> run(Cell cell, String arguments) throws CellFailure;
    }

    private static final Pattern QUESTION = Pattern.compile("\\??\\s*([A-Za-z_][\\w.]*)\\s*\\?+\\s*");

    private final Session session;
    private final BaseKernel kernel;
    private final Map<String, Magic> magics = new LinkedHashMap<>();
    private final JsonArray pages = new JsonArray();

    /** @param kernel whose extensions may bring magics of their own; null where there are none */
    Magics(Session session, BaseKernel kernel) {
        this.session = session;
        this.kernel = kernel;
        add("time", "code", "runs the rest of the line and says how long it took; %%time on a cell's first line does so for the cell",
                (cell, code) -> timed(() -> session.within(cell, code, this)));
        add("load", "file", "runs a file of Java snippets, such as a .jsh file", this::load);
        add("classpath", "path...", "adds jars or folders (a folder/* stands for its jars) to the class path", this::classPath);
        add("maven", "library...", "fetches group:artifact:version with all that it needs and adds it to the class path", this::maven);
        add("help", "name", "shows what is known about a method or class; name? does the same", this::page);
        add("magics", "", "lists these commands", (cell, none) -> {
            System.out.println(help());
            return Optional.empty();
        });
    }

    private void add(String name, String usage, String help, Action action) {
        magics.put(name, new Magic(usage, help, action));
    }

    @Override
    public Optional<Shown> run(Cell cell, CellPart.Magic magic) throws CellFailure {
        Magic known = magics.get(magic.name());
        if (known != null) {
            return known.action().run(cell, magic.arguments());
        }
        if (kernel != null && kernel.getMagicsRegistry().getLineMagicNames().contains(magic.name())) {
            try {
                Object value = kernel.getMagicsRegistry().evalLineMagic(kernel, magic.name(), List.of(magic.arguments().split("\\s+")));
                return Optional.ofNullable(value).map(Shown::new);
            } catch (Exception e) {
                throw ErrorText.plain(e.getClass().getName(), String.valueOf(e.getMessage()));
            }
        }
        throw ErrorText.plain("UnknownMagic", "there is no %" + magic.name() + "; there are "
                + names().stream().map(name -> "%" + name).collect(Collectors.joining(", ")));
    }

    /** Runs a cell; a first line {@code %%time} is for the whole cell. */
    Optional<Shown> cell(Cell cell) throws CellFailure {
        String text = cell.text().stripLeading();
        Matcher question = QUESTION.matcher(text);
        if (question.matches()) {
            return page(cell, question.group(1));
        }
        if (!text.startsWith("%%")) {
            return session.run(cell, this);
        }
        int end = text.indexOf('\n') < 0 ? text.length() : text.indexOf('\n');
        String name = text.substring(2, end).strip();
        if (!name.equals("time")) {
            throw ErrorText.plain("UnknownMagic", "there is no %%" + name + " for a whole cell; there is %%time");
        }
        String blankFirstLines = cell.text().substring(0, cell.text().length() - text.length());
        Cell rest = new Cell(cell.number(), blankFirstLines + text.substring(end));
        return timed(() -> session.run(rest, this));
    }

    List<String> names() {
        List<String> names = new ArrayList<>(magics.keySet());
        if (kernel != null) {
            names.addAll(kernel.getMagicsRegistry().getLineMagicNames());
        }
        return names;
    }

    /** What the cell wants shown in the pager, for clients that have one. */
    JsonArray takePages() {
        JsonArray taken = pages.deepCopy();
        while (!pages.isEmpty()) {
            pages.remove(0);
        }
        return taken;
    }

    private Optional<Shown> page(Cell cell, String name) throws CellFailure {
        String text = new CodeAssist(session, names()).help(name)
                .orElseThrow(() -> ErrorText.plain("NotFound", "nothing is known about '" + name + "'"));
        if (kernel == null) {
            System.out.println(text);
            return Optional.empty();
        }
        JsonObject page = new JsonObject();
        page.addProperty("source", "page");
        page.add("data", Replies.json(Bundle.text(text).data()));
        page.addProperty("start", 0);
        pages.add(page);
        return Optional.empty();
    }

    private Optional<Shown> maven(Cell cell, String libraries) throws CellFailure {
        List<String> wanted = libraries.isBlank() ? List.of() : List.of(libraries.strip().split("\\s+"));
        List<Path> jars = Maven.jars(wanted, session::isInterrupted);
        jars.forEach(session::addToClassPath);
        System.out.println(jars.isEmpty() ? "Nothing to add: all of it is there" : "Added "
                + jars.stream().map(jar -> jar.getFileName().toString()).collect(Collectors.joining(", ")));
        return Optional.empty();
    }

    private String help() {
        return magics.entrySet().stream()
                .map(magic -> String.format("%%%-20s %s", magic.getKey() + " " + magic.getValue().usage(), magic.getValue().help()))
                .collect(Collectors.joining("\n"));
    }

    private interface Work {
        Optional<Shown> run() throws CellFailure;
    }

    private static Optional<Shown> timed(Work work) throws CellFailure {
        long start = System.nanoTime();
        try {
            return work.run();
        } finally {
            System.out.println("Wall time: " + words(Duration.ofNanos(System.nanoTime() - start)));
        }
    }

    static String words(Duration duration) {
        double seconds = duration.toNanos() / 1e9;
        if (seconds < 1) {
            return String.format(Locale.ROOT, "%.3g ms", seconds * 1000);
        }
        return seconds < 60 ? String.format(Locale.ROOT, "%.2f s", seconds)
                : String.format(Locale.ROOT, "%d min %.0f s", (long) (seconds / 60), seconds % 60);
    }

    private Optional<Shown> load(Cell cell, String file) throws CellFailure {
        if (file.isEmpty()) {
            throw ErrorText.plain("UsageError", "%load needs a file: %load setup.jsh");
        }
        try {
            return session.within(cell, Files.readString(Path.of(file)), this);
        } catch (IOException e) {
            throw ErrorText.plain("FileError", "cannot read " + file + ": " + e + ". Paths start at " + Path.of("").toAbsolutePath());
        }
    }

    private Optional<Shown> classPath(Cell cell, String paths) throws CellFailure {
        if (paths.isEmpty()) {
            throw ErrorText.plain("UsageError", "%classpath needs jars or folders: %classpath lib/some.jar");
        }
        for (String path : paths.split("\\s+")) {
            if (path.endsWith("/*")) {
                Path folder = Path.of(path.substring(0, path.length() - 2));
                try (var jars = Files.newDirectoryStream(folder, "*.jar")) {
                    jars.forEach(session::addToClassPath);
                } catch (IOException e) {
                    throw ErrorText.plain("FileError", "cannot list the jars of " + folder.toAbsolutePath());
                }
            } else if (Files.exists(Path.of(path))) {
                session.addToClassPath(Path.of(path).toAbsolutePath());
            } else {
                throw ErrorText.plain("FileError", "there is no " + Path.of(path).toAbsolutePath());
            }
        }
        return Optional.empty();
    }
}
