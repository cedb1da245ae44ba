package org.espalier.kernel;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Installs the kernel without a clone and without Jupyter's own commands: {@code KernelInstall [FOLDER [NAME]]} writes a kernelspec that runs
 * notebooks with this Java and this class path. Where the class path has no networks on it, it is a kernel for plain Java.
 */
public final class KernelInstall {
    private KernelInstall() { }

    public static void main(String[] arguments) throws IOException, URISyntaxException {
        Path kernels = arguments.length > 0 ? Path.of(arguments[0]) : kernels();
        String name = arguments.length > 1 ? arguments[1] : "espalier-java";
        if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]*")) {
            throw new IllegalArgumentException("a kernel's name has letters, digits, '.', '_' and '-', unlike '" + name + "'");
        }
        if (ModuleLayer.boot().findModule("jdk.jshell").isEmpty()) {
            throw new IllegalStateException(System.getProperty("java.home") + " is a JRE (it has no jdk.jshell module): run this with a JDK, version 17 to 25");
        }
        Path folder = Files.createDirectories(kernels.resolve(name));
        Path imports = Files.write(folder.resolve("imports.jsh"), imports());
        KernelSpec.copyPlotly(folder);
        KernelSpec.write(folder, "Java (" + name + ")", command(imports), Map.of());
        System.out.println("Installed " + folder + "; open a notebook with the kernel Java (" + name + ")");
    }

    /** Where Jupyter looks for a user's kernels. */
    private static Path kernels() {
        String home = System.getProperty("user.home");
        String system = System.getProperty("os.name");
        return Optional.ofNullable(System.getenv("JUPYTER_DATA_DIR")).map(Path::of)
                .orElse(system.startsWith("Mac") ? Path.of(home, "Library", "Jupyter")
                        : system.startsWith("Windows") ? Path.of(System.getenv("APPDATA"), "jupyter") : Path.of(home, ".local", "share", "jupyter"))
                .resolve("kernels");
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

    private static List<String> command(Path imports) throws URISyntaxException {
        Path jar = Path.of(KernelInstall.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        if (Files.isRegularFile(jar)) {
            command.add("-javaagent:" + jar);
        }
        command.addAll(List.of("-Djava.awt.headless=true", "-Dfile.encoding=UTF-8", "-Djdk.console=java.base", "-Xlog:disable", "-Xlog:all=error,cds*=off:stderr"));
        if (Runtime.version().feature() >= 23) {
            command.add("--sun-misc-unsafe-memory-access=allow");
        }
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), KernelMain.class.getName(), "{connection_file}", imports.toString()));
        return command;
    }
}
