package org.espalier.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.nio.file.Path;
import java.util.ServiceLoader;
import org.dflib.jjava.jupyter.Extension;
import org.dflib.jjava.jupyter.kernel.display.DisplayData;
import org.dflib.jjava.jupyter.kernel.display.Renderer;
import org.dflib.jjava.jupyter.kernel.display.mime.MIMEType;
import org.espalier.Espalier;
import org.junit.jupiter.api.Test;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.Table;

/** What JJava's kernel gets from our jar. */
class JJavaExtensionTest {

    @Test
    void theJarNamesTheExtension() {
        assertTrue(ServiceLoader.load(Extension.class).stream().anyMatch(provider -> provider.type() == JJavaExtension.class));
    }

    @Test
    void aSweepsWorkersFindWhatTheNotebookAdded() throws Exception {
        assertEquals(String.join(File.pathSeparator, "jjava.jar", Path.of("a b.jar").toAbsolutePath().toString()),
                JJavaExtension.classPath("jjava.jar\na b.jar", Path.of("a b.jar").toUri().toURL()));
    }

    @Test
    void tablesAndFiguresAreRenderedByJJavasRenderer() {
        Renderer renderer = new Renderer();
        JJavaExtension.render(renderer);
        DisplayData table = renderer.render(Table.create("t", IntColumn.create("answer", new int[] {42})));
        assertTrue(String.valueOf(table.getData(MIMEType.parse("text/html"))).contains("42"));
        assertTrue(String.valueOf(table.getData(MIMEType.parse("text/plain"))).contains("answer"));
        DisplayData figure = renderer.render(Espalier.plot(4, Espalier.clr()));
        assertTrue(figure.hasDataForType(MIMEType.parse("image/png")) && figure.hasDataForType(MIMEType.parse("text/html")));
    }
}
