package org.espalier.kernel;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes the parts of a kernelspec folder, for {@code kernel/install}. */
public final class KernelSpec {
    private static final String PLOTLY = "META-INF/resources/webjars/plotly.js/1.54.1/dist/plotly-cartesian.min.js";

    private KernelSpec() { }

    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]);
        if (arguments[1].equals("plotly")) {
            copyPlotly(folder);
            return;
        }
        Map<String, String> environment = new LinkedHashMap<>();
        Files.readAllLines(Path.of(arguments[3])).forEach(line ->
                environment.put(line.substring(0, line.indexOf('=')), line.substring(line.indexOf('=') + 1)));
        write(folder, "Espalier (Java)", Files.readAllLines(Path.of(arguments[2])), environment);
    }

    /** Figures draw themselves by it, without a network. */
    static void copyPlotly(Path folder) throws IOException {
        try (InputStream plotly = KernelSpec.class.getClassLoader().getResourceAsStream(PLOTLY)) {
            if (plotly == null) {
                throw new IllegalStateException("plotly.js is not on the class path: build again with ./mvnw package");
            }
            Files.copy(plotly, folder.resolve("plotly.min.js"), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** @param name as Jupyter's menus show it */
    static void write(Path folder, String name, List<String> command, Map<String, String> environment) throws IOException {
        JsonArray argv = new JsonArray();
        command.forEach(argv::add);
        JsonObject variables = new JsonObject();
        environment.forEach(variables::addProperty);
        JsonObject spec = new JsonObject();
        spec.add("argv", argv);
        spec.addProperty("display_name", name);
        spec.addProperty("language", "java");
        spec.addProperty("interrupt_mode", "message");
        spec.add("env", variables);
        JsonObject metadata = new JsonObject();
        metadata.addProperty("debugger", false);
        spec.add("metadata", metadata);
        Files.writeString(folder.resolve("kernel.json"), new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create().toJson(spec) + "\n");
    }
}
