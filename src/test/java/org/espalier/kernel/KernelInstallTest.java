package org.espalier.kernel;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The kernel where it is installed without a clone, and what is said of it. */
class KernelInstallTest {

    @Test
    void aKernelspecRunsWithThisJavaAndThisClassPath(@TempDir Path kernels) throws Exception {
        KernelInstall.main(new String[] {kernels.toString(), "mine"});
        JsonObject spec = JsonParser.parseString(Files.readString(kernels.resolve("mine/kernel.json"))).getAsJsonObject();
        String command = spec.get("argv").toString();
        assertTrue(command.contains(System.getProperty("java.home")) && command.contains("KernelMain") && command.contains("{connection_file}"), command);
        assertTrue(command.contains("-Despalier.kernel=mine"), "figures look for plotly.js in this folder: " + command);
        assertEquals("Java (mine)", spec.get("display_name").getAsString());
        assertTrue(Files.size(kernels.resolve("mine/plotly.min.js")) > 100_000);
        assertEquals(Files.readAllLines(Path.of("kernel/imports.jsh")).stream().filter(line -> line.startsWith("import")).toList(),
                Files.readAllLines(kernels.resolve("mine/imports.jsh")), "the networks are on this class path");
        assertThrows(IllegalArgumentException.class, () -> KernelInstall.main(new String[] {kernels.toString(), "../mine"}));
    }

    @Test
    void kernelsLieWhereJupyterLooksForThem() {
        assertEquals(Path.of("/h/.local/share/jupyter/kernels"), KernelInstall.kernels(Map.of("HOME", "/h"), "Linux", "/root"));
        assertEquals(Path.of("/u/.local/share/jupyter/kernels"), KernelInstall.kernels(Map.of(), "Linux", "/u"));
        assertEquals(Path.of("/x/jupyter/kernels"), KernelInstall.kernels(Map.of("HOME", "/h", "XDG_DATA_HOME", "/x"), "Linux", "/root"));
        assertEquals(Path.of("/d/kernels"), KernelInstall.kernels(Map.of("HOME", "/h", "JUPYTER_DATA_DIR", "/d"), "Mac OS X", "/root"));
        assertEquals(Path.of("/h/Library/Jupyter/kernels"), KernelInstall.kernels(Map.of("HOME", "/h"), "Mac OS X", "/root"));
    }

    @Test
    void aRelativeClassPathIsOneForEveryFolder(@TempDir Path folder) throws Exception {
        String here = Path.of("").toAbsolutePath().toString();
        assertEquals(here + "/target/a.jar" + File.pathSeparator + "/lib/b.jar", KernelInstall.absolute("target/x/../a.jar" + File.pathSeparator + "/lib/b.jar"));
        Manifest manifest = new Manifest(new ByteArrayInputStream("Manifest-Version: 1.0\nClass-Path: lib/b.jar lib/c.jar\n".getBytes(UTF_8)));
        Path jar = folder.resolve("a.jar");
        new JarOutputStream(Files.newOutputStream(jar), manifest).close();
        assertEquals(String.join(File.pathSeparator, jar.toString(), folder + "/lib/b.jar", folder + "/lib/c.jar"), KernelInstall.absolute(jar.toString()));
    }

    @Test
    void theKernelForPlainJavaHasTheVersionsOfTheWhole() throws Exception {
        Map<String, String> whole = versions(Path.of("pom.xml"));
        Map<String, String> plain = versions(Path.of("kernel/pom.xml"));
        assertTrue(plain.size() >= 8, plain.toString());
        plain.forEach((library, version) -> assertEquals(whole.get(library), version, library));
    }

    private static Map<String, String> versions(Path pom) throws Exception {
        String text = Files.readString(pom);
        return Pattern.compile("<artifactId>([^<]+)</artifactId>\\s*<version>([^<]+)</version>").matcher(text).results()
                .filter(library -> !library.group(1).startsWith("espalier")).collect(Collectors.toMap(library -> library.group(1),
                library -> filled(library.group(2), text), (first, again) -> first));
    }

    private static String filled(String version, String pom) {
        return Pattern.compile("\\$\\{([^}]+)}").matcher(version).replaceAll(name -> Pattern.compile("<" + Pattern.quote(name.group(1)) + ">([^<]+)<").matcher(pom)
                .results().map(found -> found.group(1)).findFirst().orElse("?"));
    }

    @Test
    void theBarsForSpeedAreThoseOfTheTests() throws Exception {
        String readme = Files.readString(Path.of("kernel/README.md"));
        for (MatchResult bar : Pattern.compile("within\\(self, ([\\d.]+), ").matcher(Files.readString(Path.of("kernel/tests/speed.py"))).results().toList()) {
            assertTrue(Pattern.compile("\\| " + Pattern.quote(bar.group(1)) + "( s)? \\|").matcher(readme).find(), bar.group(1));
        }
    }
}
