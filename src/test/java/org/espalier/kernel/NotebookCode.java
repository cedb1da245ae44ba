package org.espalier.kernel;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.espalier.kernel.code.Cell;
import org.espalier.kernel.code.CellFailure;
import org.espalier.kernel.code.Session;
import org.espalier.display.Display;

/** Runs the code of notebooks' cells, one after the other, as the kernel does: {@code NotebookCode imports.jsh notebook.ipynb...}. */
public final class NotebookCode {
    private NotebookCode() {
    }

    public static void main(String[] args) throws Exception {
        for (int i = 1; i < args.length; i++) {
            run(Path.of(args[0]), Path.of(args[i]));
        }
        System.exit(0);
    }

    private static void run(Path imports, Path notebook) throws Exception {
        Session session = new Session(Optional.empty(), System.err);
        KernelMain.startUp(session, imports);
        Magics magics = new Magics(session, null);
        int number = 0;
        for (JsonElement element : JsonParser.parseString(Files.readString(notebook)).getAsJsonObject().getAsJsonArray("cells")) {
            JsonObject cell = element.getAsJsonObject();
            if (cell.get("cell_type").getAsString().equals("code")) {
                String code = StreamSupport.stream(cell.getAsJsonArray("source").spliterator(), false).map(JsonElement::getAsString).collect(Collectors.joining());
                System.out.println("In[" + ++number + "]");
                try {
                    magics.cell(new Cell(number, code)).ifPresent(shown -> Display.display(shown.value()));
                } catch (CellFailure e) {
                    System.out.println("FAILED " + String.join("\n", e.lines()));
                    System.exit(1);
                }
            }
        }
    }
}
