package org.espalier.kernel;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.espalier.kernel.code.Cell;
import org.espalier.kernel.code.CellFailure;
import org.espalier.kernel.code.ErrorText;

/** A file of code that {@code %load} runs: snippets of Java, or a notebook, whose code cells are run one after the other. */
final class CodeFile {
    private static final List<String> ENDINGS = List.of("", ".ipynb", ".jsh", ".jshell", ".java");

    private CodeFile() { }

    /** @param name a path, whose ending may be left out */
    static List<Cell> cells(String name) throws CellFailure {
        for (String ending : ENDINGS) {
            Path file = Path.of(name + ending);
            if (Files.isRegularFile(file)) {
                return cells(file);
            }
        }
        throw ErrorText.plain("FileError", "cannot read " + name + ": there is no such file, with or without "
                + String.join(", ", ENDINGS.subList(1, ENDINGS.size())) + ". Paths start at " + Path.of("").toAbsolutePath());
    }

    private static List<Cell> cells(Path file) throws CellFailure {
        String name = file.getFileName().toString();
        try {
            String text = Files.readString(file);
            return name.endsWith(".ipynb") ? notebook(name, text) : List.of(new Cell(name, text));
        } catch (IOException e) {
            throw ErrorText.plain("FileError", "cannot read " + file.toAbsolutePath() + ": " + e + ". Is it text in UTF-8?");
        } catch (JsonParseException | IllegalStateException | NullPointerException | UnsupportedOperationException | ClassCastException e) {
            throw ErrorText.plain("FileError", file.toAbsolutePath() + " is no notebook that can be read: " + e.getMessage());
        }
    }

    private static List<Cell> notebook(String name, String text) {
        List<Cell> cells = new ArrayList<>();
        int number = 0;
        for (JsonElement element : new Gson().fromJson(text, JsonObject.class).getAsJsonArray("cells")) {
            JsonObject cell = element.getAsJsonObject();
            if (cell.get("cell_type").getAsString().equals("code")) {
                cells.add(new Cell(name + " cell " + ++number, text(cell.get("source"))));
            }
        }
        return cells;
    }

    private static String text(JsonElement source) {
        if (!source.isJsonArray()) {
            return source.getAsString();
        }
        StringBuilder lines = new StringBuilder();
        source.getAsJsonArray().forEach(line -> lines.append(line.getAsString()));
        return lines.toString();
    }
}
