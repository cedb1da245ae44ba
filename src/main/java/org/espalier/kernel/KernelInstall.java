package org.espalier.kernel;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.stream.Collectors;

/**
 * Installs the kernel without a clone and without Jupyter's own commands: {@code KernelInstall [FOLDER [NAME]]} writes a kernelspec that runs
 * notebooks with this Java and this class path. Where the class path has no networks on it, it is a kernel for plain Java.
 */
public final class KernelInstall {
    private KernelInstall() { }

    public static void main(String[] arguments) throws IOException, InterruptedException, URISyntaxException {
        Path kernels = arguments.length > 0 ? Path.of(arguments[0])
                : kernels(System.getenv(), System.getProperty("os.name"), System.getProperty("user.home"));
        String name = arguments.length > 1 ? arguments[1] : "espalier-java";
        if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]*")) {
            throw new IllegalArgumentException("a kernel's name has letters, digits, '.', '_' and '-', unlike '" + name + "'");
        }
        if (ModuleLayer.boot().findModule("jdk.jshell").isEmpty()) {
            throw new IllegalStateException(System.getProperty("java.home") + " is a JRE (it has no jdk.jshell module): run this with a JDK, version 17 to 25");
        }
        Path folder = Files.createDirectories(kernels.resolve(name)).toAbsolutePath();
        Path imports = Files.write(folder.resolve("imports.jsh"), imports());
        KernelSpec.copyPlotly(folder);
        KernelSpec.write(folder, "Java (" + name + ")", command(name, imports), Map.of());
        System.out.println("Installed " + folder + "; open a notebook with the kernel Java (" + name + ")");
    }

    /** Where Jupyter looks for a user's kernels. */
    static Path kernels(Map<String, String> environment, String system, String userHome) {
        Path home = Path.of(environment.getOrDefault("HOME", userHome)); // As Python has it; Java's own is the password file's.
        Path data = environment.containsKey("JUPYTER_DATA_DIR") ? Path.of(environment.get("JUPYTER_DATA_DIR"))
                : system.startsWith("Mac") ? home.resolve("Library/Jupyter")
                : system.startsWith("Windows") ? Path.of(environment.get("APPDATA"), "jupyter")
                : Path.of(environment.getOrDefault("XDG_DATA_HOME", home.resolve(".local/share").toString()), "jupyter");
        return data.resolve("kernels");
    }

    /** The start-up imports of what is on this class path. */
    static List<String> imports() {
        return JJavaExtension.lines().filter(line -> {
            String place = line.replaceFirst("import (static )?", "").replaceFirst("\\.\\*;$", "").replace('.', '/');
            ClassLoader loader = KernelInstall.class.getClassLoader();
            return !place.startsWith("org/espalier") || loader.getResource(place + ".class") != null || loader.getResource(place + "/package-info.class") != null
                    || loader.getResource(place + "/") != null;
        }).toList();
    }

    private static List<String> command(String name, Path imports) throws IOException, InterruptedException, URISyntaxException {
        Path jar = Path.of(KernelInstall.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        List<String> options = new ArrayList<>(List.of("-Djava.awt.headless=true", "-Dfile.encoding=UTF-8", "-Djdk.console=java.base", "-Xlog:disable",
                "-Xlog:all=error,cds*=off:stderr", "-Despalier.kernel=" + name));
        if (Runtime.version().feature() >= 23) {
            options.add("--sun-misc-unsafe-memory-access=allow");
        }
        Path wrapper = jar.resolveSibling("../../mvnw").normalize();
        if (Files.isRegularFile(wrapper) && !onThePath("mvn")) {
            options.add("-Despalier.maven=" + wrapper);
        }
        options.addAll(List.of("-cp", absolute(System.getProperty("java.class.path"))));
        List<String> command = new ArrayList<>(List.of(java));
        if (Files.isRegularFile(jar)) {
            Path archive = imports.resolveSibling("classes.jsa");
            selfTest(java, options, imports, archive);
            command.addAll(List.of("-XX:SharedArchiveFile=" + archive, "-javaagent:" + jar));
        }
        command.addAll(options);
        command.addAll(List.of(KernelMain.class.getName(), "{connection_file}", imports.toString()));
        return command;
    }

    /** Runs a few cells: it proves that the kernel works here, and the JVM writes down the classes that a start needs, for later ones. */
    private static void selfTest(String java, List<String> options, Path imports, Path archive) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(java, "-XX:ArchiveClassesAtExit=" + archive));
        command.addAll(options);
        command.addAll(List.of(SelfTest.class.getName(), imports.toString()));
        Process test = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(test.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (test.waitFor() != 0) {
            throw new IllegalStateException("the kernel doesn't run on this machine:\n" + said);
        }
    }

    private static boolean onThePath(String command) {
        return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)).anyMatch(folder -> Files.isExecutable(Path.of(folder, command)));
    }

    /** The same class path from wherever a notebook is opened; for one jar, as of {@code java -jar}, with the libraries that its manifest names. */
    static String absolute(String classPath) throws IOException {
        List<Path> entries = new ArrayList<>(Arrays.stream(classPath.split(File.pathSeparator)).map(entry -> Path.of(entry).toAbsolutePath().normalize()).toList());
        if (entries.size() == 1 && Files.isRegularFile(entries.get(0))) {
            try (JarFile jar = new JarFile(entries.get(0).toFile())) {
                String libraries = jar.getManifest().getMainAttributes().getValue(Attributes.Name.CLASS_PATH);
                Arrays.stream(libraries == null ? new String[0] : libraries.split(" ")).map(entries.get(0)::resolveSibling).forEach(entries::add);
            }
        }
        return entries.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
    }
}
