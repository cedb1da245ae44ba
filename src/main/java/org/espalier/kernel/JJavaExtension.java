package org.espalier.kernel;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dflib.jjava.jupyter.Extension;
import org.dflib.jjava.jupyter.kernel.BaseKernel;
import org.dflib.jjava.jupyter.kernel.JupyterIO;
import org.dflib.jjava.jupyter.kernel.display.DisplayData;
import org.dflib.jjava.jupyter.kernel.display.Renderer;
import org.espalier.display.Bundle;
import org.espalier.display.Display;
import org.espalier.display.Renderable;
import org.espalier.display.Screen;
import org.espalier.display.Views;
import tech.tablesaw.plotly.components.Figure;
import tech.tablesaw.table.Relation;

/**
 * Brings the verbs, tables and figures to JJava's own kernel, when this jar and its libraries are added to it by {@code %classpath}. Our kernel
 * has them anyway.
 */
public final class JJavaExtension implements Extension {
    private static final String IMPORTS = "imports.jsh";

    @Override
    public void install(BaseKernel kernel) {
        if (kernel instanceof JavaKernel) {
            return;
        }
        // JJava has methods of these names already.
        lines().filter(line -> !line.contains(NotebookCalls.class.getName()) && !line.contains(Display.class.getName())).forEach(kernel::evalRaw);
        // JJava loads this class apart from the notebook's, whose own copy has to be the one that knows the notebook's classes.
        kernel.evalRaw(JJavaExtension.class.getName() + ".register();");
    }

    /** The start-up imports, those of our kernel. */
    static Stream<String> lines() {
        try (InputStream file = JJavaExtension.class.getResourceAsStream(IMPORTS)) {
            if (file == null) {
                throw new IllegalStateException("the jar lacks " + IMPORTS + ": build it again with ./mvnw package");
            }
            List<String> lines = new BufferedReader(new InputStreamReader(file, StandardCharsets.UTF_8)).lines().toList();
            return lines.stream().map(String::strip).filter(line -> !line.isEmpty() && !line.startsWith("//"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Called within the notebook: has its kernel render our values, and what is displayed appear below the cell. */
    public static void register() {
        if (JJavaExtension.class.getClassLoader() instanceof URLClassLoader loader) {
            // The workers of a sweep are processes of their own, which look here for what the notebook has.
            System.setProperty("java.class.path", classPath(System.getProperty("java.class.path"), loader.getURLs()));
        }
        BaseKernel kernel = BaseKernel.notebookKernel();
        render(kernel.getRenderer());
        JupyterIO io = kernel.getIO();
        Display.to(new Screen() {
            @Override
            public void show(String id, Bundle bundle) {
                io.display.display(filled(new DisplayData(), id, bundle));
            }

            @Override
            public void update(String id, Bundle bundle) {
                io.display.updateDisplay(id, filled(new DisplayData(), id, bundle));
            }

            @Override
            public boolean redraws() {
                return true;
            }

            @Override
            public void clear(boolean wait) {
                // JJava has no such message.
            }
        }, Views::of);
    }

    /** JJava appends all that is added once for each of its jars, in lines of their own: the first line is what the kernel began with. */
    static String classPath(String own, URL... added) {
        return Stream.concat(own.lines().limit(1), Arrays.stream(added).map(url -> Path.of(URI.create(url.toString())).toString())).collect(Collectors.joining(File.pathSeparator));
    }

    static void render(Renderer renderer) {
        for (Class<?> type : List.of(Relation.class, Figure.class, Renderable.class)) {
            renderer.createRegistration(type).preferring(Bundle.HTML).supporting(Bundle.PNG, Bundle.TEXT)
                    .register((value, context) -> filled(context.getOutputContainer(), null, Views.of(value)));
        }
    }

    private static DisplayData filled(DisplayData data, String id, Bundle bundle) {
        bundle.data().forEach(data::putData);
        if (id != null) {
            data.setDisplayId(id);
        }
        return data;
    }
}
