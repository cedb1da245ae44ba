package org.espalier.kernel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.espalier.kernel.code.Cell;
import org.espalier.kernel.code.CellFailure;
import org.espalier.kernel.code.ErrorText;
import org.espalier.kernel.code.Piece;
import org.espalier.kernel.code.Session;
import org.espalier.kernel.code.Session.Shown;

/** Commands to the kernel, each on a line of its own that starts with a percent sign. They do what is typed and nothing more. */
final class Magics implements Session.Magics {
    private record Magic(String usage, String help, Action action) { }

    private interface Action {
        Optional<Shown> run(Cell cell, String arguments) throws CellFailure;
    }

    private final Session session;
    private final Map<String, Magic> magics = new LinkedHashMap<>();

    Magics(Session session) {
        this.session = session;
        add("time", "code", "runs the rest of the line and says how long it took; %%time on a cell's first line does so for the cell",
                (cell, code) -> timed(() -> session.within(cell, code, this)));
        add("load", "file", "runs a file of Java snippets, such as a .jsh file", this::load);
        add("classpath", "path...", "adds jars or folders (a folder/* stands for its jars) to the class path", this::classPath);
        add("magics", "", "lists these commands", (cell, none) -> {
            System.out.println(help());
            return Optional.empty();
        });
    }

    private void add(String name, String usage, String help, Action action) {
        magics.put(name, new Magic(usage, help, action));
    }

    @Override
    public Optional<Shown> run(Cell cell, Piece.Magic magic) throws CellFailure {
        Magic known = magics.get(magic.name());
        if (known == null) {
            throw ErrorText.plain("UnknownMagic", "there is no %" + magic.name() + "; there are " + names());
        }
        return known.action().run(cell, magic.arguments());
    }

    /** Runs a cell; a first line {@code %%time} is for the whole cell. */
    Optional<Shown> cell(Cell cell) throws CellFailure {
        String text = cell.text().stripLeading();
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

    String names() {
        return magics.keySet().stream().map(name -> "%" + name).collect(Collectors.joining(", "));
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
