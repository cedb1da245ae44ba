package org.espalier.kernel;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
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

    /** What a magic does with the rest of its line. */
    interface Action {
        Optional<Shown> run(Cell cell, String arguments) throws CellFailure;
    }

    /** What a magic does with the rest of its cell. */
    interface CellAction {
        Optional<Shown> run(Cell cell, String arguments, Cell body) throws CellFailure;
    }

    private static final Pattern EXPRESSION = Pattern.compile("\\\\\\{([^{}]+)}");
    private static final Pattern QUESTION = Pattern.compile("\\?+\\s*([A-Za-z_][\\w.]*)\\s*|([A-Za-z_][\\w.]*)\\s*\\?+");

    private final Session session;
    private final BaseKernel kernel;
    private final Map<String, Magic> magics = new LinkedHashMap<>();
    private final Map<String, CellAction> forCells = new LinkedHashMap<>();
    private final JsonArray pages = new JsonArray();
    private boolean loading;

    /** @param kernel whose extensions may bring magics of their own; null where there are none */
    Magics(Session session, BaseKernel kernel) {
        this.session = session;
        this.kernel = kernel;
        add("time", "code", "runs the rest of the line and says how long it took; %%time on a cell's first line does so for the cell",
                (cell, code) -> WallTime.of(() -> session.within(new Cell(cell.place(), code), this)));
        addForCell("time", (cell, none, body) -> WallTime.of(() -> loading ? session.within(body, this) : session.run(body, this)));
        add("load", "file", "runs a file of Java snippets (.jsh, .java), or the code cells of a notebook; its ending may be left out", this::load);
        new LibraryMagics(session, new ClassPath(session, kernel == null ? extension -> { } : extension -> extension.install(kernel))).addTo(this);
        ShellCommand.addTo(this, session::isInterrupted);
        add("whos", "", "lists the variables", (cell, none) -> list("/vars"));
        add("jshell", "/vars", "lists /vars, /methods, /types, /imports; without %jshell in front it does the same", (cell, kind) -> list(kind.strip()));
        add("help", "name", "shows what is known about a method or class; name? does the same", this::page);
        add("magics", "", "lists these commands", (cell, none) -> {
            System.out.println(help());
            return Optional.empty();
        });
    }

    private Optional<Shown> list(String kind) throws CellFailure {
        System.out.println(DeclarationList.of(session, kind));
        return Optional.empty();
    }

    void add(String name, String usage, String help, Action action) {
        magics.put(name, new Magic(usage, help, action));
    }

    /** Adds a magic for whole cells: {@code %%name}. */
    void addForCell(String name, CellAction action) {
        forCells.put(name, action);
    }

    @Override
    public Optional<Shown> run(Cell cell, CellPart.Magic magic) throws CellFailure {
        Magic known = magics.get(magic.name());
        if (known != null) {
            return known.action().run(cell, magic.name().equals("time") ? magic.arguments() : filled(cell, magic.arguments()));
        }
        if (kernel != null && kernel.getMagicsRegistry().getLineMagicNames().contains(magic.name())) {
            try {
                Object value = kernel.getMagicsRegistry().evalLineMagic(kernel, magic.name(), Words.of(magic.arguments()));
                return Optional.ofNullable(value).map(Shown::new);
            } catch (Exception e) {
                throw ErrorText.plain(e.getClass().getName(), String.valueOf(e.getMessage()));
            }
        }
        throw unknown("%", magic.name(), names());
    }

    /** Arguments in which values stand for {@code \\{expressions}}. */
    private String filled(Cell cell, String arguments) throws CellFailure {
        Matcher expression = EXPRESSION.matcher(arguments);
        StringBuilder text = new StringBuilder();
        while (expression.find()) {
            Optional<Shown> value = session.within(new Cell(cell.place(), expression.group(1)), this);
            expression.appendReplacement(text, Matcher.quoteReplacement(value.map(Shown::value).map(String::valueOf).orElse("")));
        }
        return expression.appendTail(text).toString();
    }

    private static CellFailure unknown(String sign, String name, List<String> known) {
        return ErrorText.plain("UnknownMagic", "there is no " + sign + name + (sign.length() == 2 ? " for a whole cell" : "") + "; there "
                + (known.size() == 1 ? "is " : "are ") + known.stream().map(one -> sign + one).collect(Collectors.joining(", ")));
    }

    /** Runs a cell; a magic on its first line may be for the whole cell. */
    Optional<Shown> cell(Cell cell) throws CellFailure {
        Matcher question = QUESTION.matcher(cell.text().strip());
        if (question.matches()) {
            return page(cell, question.group(1) == null ? question.group(2) : question.group(1));
        }
        Optional<CellText> whole = CellText.of(cell);
        return whole.isPresent() ? wholeCell(cell, whole.get()) : session.run(cell, this);
    }

    private Optional<Shown> wholeCell(Cell cell, CellText magic) throws CellFailure {
        CellAction action = forCells.get(magic.name());
        if (action != null) {
            return action.run(cell, magic.arguments(), magic.body());
        }
        if (kernel != null && kernel.getMagicsRegistry().getCellMagicNames().contains(magic.name())) {
            try {
                Object value = kernel.getMagicsRegistry().evalCellMagic(kernel, magic.name(), Words.of(magic.arguments()), magic.body().text().strip());
                return Optional.ofNullable(value).map(Shown::new);
            } catch (Exception e) {
                throw ErrorText.plain(e.getClass().getName(), String.valueOf(e.getMessage()));
            }
        }
        throw unknown("%%", magic.name(), cellNames());
    }

    List<String> names() {
        List<String> names = new ArrayList<>(magics.keySet());
        if (kernel != null) {
            names.addAll(kernel.getMagicsRegistry().getLineMagicNames());
        }
        return names;
    }

    /** Names of the magics for whole cells. */
    List<String> cellNames() {
        List<String> names = new ArrayList<>(forCells.keySet());
        if (kernel != null) {
            names.addAll(kernel.getMagicsRegistry().getCellMagicNames());
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
        if (name.isBlank()) {
            System.out.println(help());
            return Optional.empty();
        }
        String plain = name.strip().replaceAll("^[?%]+|[?()]+$", "");
        Magic magic = magics.get(plain);
        String text = magic != null && name.strip().startsWith("%") ? usage(plain, magic) : new CodeAssist(session, this).help(plain)
                .or(() -> Optional.ofNullable(magic).map(known -> usage(plain, known)))
                .orElseThrow(() -> ErrorText.plain("NotFound", "nothing is known about '" + plain + "'. Is it declared, or imported?"));
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

    private String help() {
        return magics.entrySet().stream().map(magic -> usage(magic.getKey(), magic.getValue())).collect(Collectors.joining("\n"));
    }

    private static String usage(String name, Magic magic) {
        return String.format("%%%-28s %s", name + " " + magic.usage(), magic.help());
    }

    private Optional<Shown> load(Cell cell, String file) throws CellFailure {
        if (file.isEmpty()) {
            throw ErrorText.plain("UsageError", "%load needs a file: %load setup.jsh");
        }
        Optional<Shown> shown = Optional.empty();
        boolean outermost = !loading;
        loading = true;
        try {
            for (Cell part : CodeFile.cells(file)) {
                Optional<CellText> whole = CellText.of(part);
                shown = whole.isPresent() ? wholeCell(part, whole.get()) : session.within(part, this);
            }
        } finally {
            loading = !outermost;
        }
        return shown;
    }
}
