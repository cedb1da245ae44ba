package org.espalier.kernel;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.espalier.kernel.code.CellFailure;
import org.espalier.kernel.code.ErrorText;

/**
 * Fetches libraries with what they need. The work is Maven's own, in a process of its own, on a project that only lists the libraries and
 * pins the versions of those that the kernel runs with.
 */
final class Maven {
    private static final Pattern LIBRARY = Pattern.compile("([\\w.-]+):([\\w.-]+):([\\w.-]+)(?::([\\w.-]+))?");
    private static final Pattern PINNED = Pattern.compile("\\s*([\\w.-]+):([\\w.-]+):jar:(?:([\\w.-]+):)?([\\w.-]+):(?:compile|runtime).*");

    private Maven() { }

    /**
     * @param libraries {@code group:artifact:version}, or with a classifier {@code group:artifact:version:classifier}
     * @return the jars that the class path lacks
     */
    static List<Path> jars(List<String> libraries, BooleanSupplier interrupted) throws CellFailure {
        if (libraries.isEmpty()) {
            throw ErrorText.plain("UsageError", "%maven needs libraries: %maven org.apache.commons:commons-csv:1.11.0");
        }
        StringBuilder wanted = new StringBuilder();
        for (String library : libraries) {
            Matcher parts = LIBRARY.matcher(library);
            if (!parts.matches()) {
                throw ErrorText.plain("UsageError", "'" + library + "' is no library: write group:artifact:version, such as "
                        + "org.apache.commons:commons-csv:1.11.0");
            }
            wanted.append(dependency(parts.group(1), parts.group(2), parts.group(3), parts.group(4)));
        }
        try {
            Path folder = Files.createTempDirectory("espalier-maven-");
            try {
                Path project = folder.resolve("pom.xml");
                Path answer = folder.resolve("class-path");
                Files.writeString(project, """
                        <project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
                        <groupId>notebook</groupId><artifactId>notebook</artifactId><version>1</version>
                        <dependencyManagement><dependencies>%s</dependencies></dependencyManagement>
                        <dependencies>%s</dependencies></project>
                        """.formatted(pinned(libraries), wanted));
                run(project, answer, interrupted);
                return lacking(Files.readString(answer).strip());
            } finally {
                for (File file : folder.toFile().listFiles()) {
                    Files.deleteIfExists(file.toPath());
                }
                Files.deleteIfExists(folder);
            }
        } catch (IOException e) {
            throw ErrorText.plain("MavenError", "cannot run Maven: " + e.getMessage() + ". Is mvn on the PATH?");
        }
    }

    private static String dependency(String group, String artifact, String version, String classifier) {
        return "<dependency><groupId>" + group + "</groupId><artifactId>" + artifact + "</artifactId><version>" + version + "</version>"
                + (classifier == null ? "" : "<classifier>" + classifier + "</classifier>") + "</dependency>";
    }

    /** The versions that the kernel runs with, from the list that the build wrote; a library asked for by name isn't pinned. */
    private static String pinned(List<String> libraries) throws IOException {
        String list = System.getProperty("espalier.libraries", "");
        if (list.isEmpty() || !Files.isReadable(Path.of(list))) {
            return "";
        }
        Set<String> asked = libraries.stream().map(library -> library.substring(0, library.indexOf(':', library.indexOf(':') + 1)))
                .collect(Collectors.toSet());
        StringBuilder pins = new StringBuilder();
        for (String line : Files.readAllLines(Path.of(list))) {
            Matcher parts = PINNED.matcher(line);
            if (parts.matches() && !asked.contains(parts.group(1) + ":" + parts.group(2))) {
                pins.append(dependency(parts.group(1), parts.group(2), parts.group(4), parts.group(3)));
            }
        }
        return pins.toString();
    }

    private static void run(Path project, Path answer, BooleanSupplier interrupted) throws IOException, CellFailure {
        String command = System.getProperty("espalier.maven", "mvn");
        ProcessBuilder builder = new ProcessBuilder(command, "-q", "-B", "-Dstyle.color=never", "-f", project.toString(),
                "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:build-classpath", "-Dmdep.outputFile=" + answer, "-DincludeScope=runtime");
        builder.redirectErrorStream(true);
        builder.environment().putIfAbsent("JAVA_HOME", System.getProperty("java.home"));
        Process maven = builder.start();
        List<String> said = new ArrayList<>();
        Thread reader = new Thread(() -> {
            try (BufferedReader lines = new BufferedReader(new InputStreamReader(maven.getInputStream(), StandardCharsets.UTF_8))) {
                lines.lines().map(line -> line.replaceAll("\u001b\\[[0-9;]*m", "")).forEach(said::add);
            } catch (IOException | RuntimeException e) {
                said.add(String.valueOf(e.getMessage()));
            }
        }, "maven");
        reader.start();
        try {
            while (maven.isAlive()) {
                if (interrupted.getAsBoolean()) {
                    maven.descendants().forEach(ProcessHandle::destroy);
                    maven.destroy();
                    throw ErrorText.plain("Interrupted", "Maven was stopped; the class path is as it was");
                }
                Thread.sleep(50);
            }
            reader.join(5000);
        } catch (InterruptedException e) {
            maven.destroy();
            throw ErrorText.plain("Interrupted", "Maven was stopped; the class path is as it was");
        }
        if (maven.exitValue() != 0 || !Files.exists(answer)) {
            String why = said.stream().filter(line -> line.startsWith("[ERROR]")).map(line -> line.substring(7).strip())
                    .filter(line -> !line.isEmpty() && !line.startsWith("->") && !line.startsWith("To see") && !line.startsWith("Re-run")
                            && !line.startsWith("For more") && !line.startsWith("[Help")).distinct().limit(5).collect(Collectors.joining("\n"));
            throw ErrorText.plain("MavenError", why.isEmpty() ? "Maven ended with " + maven.exitValue() : why);
        }
    }

    /** Jars whose file names aren't on the class path yet. */
    private static List<Path> lacking(String classPath) {
        Set<String> there = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(entry -> Path.of(entry).getFileName().toString().toLowerCase(Locale.ROOT)).collect(Collectors.toSet());
        return Arrays.stream(classPath.split(File.pathSeparator)).filter(entry -> !entry.isBlank()).map(Path::of)
                .filter(jar -> !there.contains(jar.getFileName().toString().toLowerCase(Locale.ROOT))).toList();
    }
}
