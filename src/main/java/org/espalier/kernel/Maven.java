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
    private static final Pattern PINNED = Pattern.compile("\\s*([\\w.-]+):([\\w.-]+):jar:(?:([\\w.-]+):)?([\\w.-]+):(?:compile|runtime).*");

    private final List<String> repositories = new ArrayList<>();
    private final List<MavenLibrary> fetched = new ArrayList<>();

    /** From now on libraries are looked for at this address, too. */
    void addRepository(String id, String url) {
        String name = id.replaceAll("[^\\w.-]", "-");
        repositories.add("<repository><id>" + name + "</id><url>" + url.replace("&", "&amp;").replace("<", "&lt;") + "</url></repository>");
    }

    /** Adds {@code repository} elements as they are. */
    void addRepositories(String xml) {
        repositories.add(xml);
    }

    /**
     * Fetches libraries, with what they need.
     *
     * @param properties the {@code properties} element of the project that they come from, or an empty text
     * @return all of their jars, also those that are on the class path already
     */
    List<Path> jars(List<MavenLibrary> libraries, String properties, BooleanSupplier interrupted) throws CellFailure {
        try {
            Path folder = Files.createTempDirectory("espalier-maven-");
            try {
                Path project = folder.resolve("pom.xml");
                Path answer = folder.resolve("class-path");
                Files.writeString(project, """
                        <project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
                        <groupId>notebook</groupId><artifactId>notebook</artifactId><version>1</version>%s
                        <repositories>%s</repositories>
                        <dependencyManagement><dependencies>%s</dependencies></dependencyManagement>
                        <dependencies>%s</dependencies></project>
                        """.formatted(properties, String.join("", repositories), pinned(libraries),
                        libraries.stream().map(MavenLibrary::xml).collect(Collectors.joining("\n"))));
                run(project, answer, interrupted);
                fetched.addAll(libraries);
                return Arrays.stream(Files.readString(answer).strip().split(File.pathSeparator)).filter(entry -> !entry.isBlank()).map(Path::of).toList();
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

    /**
     * The versions that are in use: those that the kernel runs with, from the list that the build wrote, and those fetched since. A library
     * asked for by name isn't pinned.
     */
    private String pinned(List<MavenLibrary> libraries) throws IOException {
        Set<String> done = libraries.stream().map(MavenLibrary::name).collect(Collectors.toSet());
        StringBuilder pins = new StringBuilder();
        for (MavenLibrary library : fetched) {
            if (done.add(library.name())) {
                pins.append(MavenLibrary.xml(library.group(), library.artifact(), library.version(), "", "jar"));
            }
        }
        String list = System.getProperty("espalier.libraries", "");
        for (String line : list.isEmpty() || !Files.isReadable(Path.of(list)) ? List.<String>of() : Files.readAllLines(Path.of(list))) {
            Matcher parts = PINNED.matcher(line);
            if (parts.matches() && !done.contains(parts.group(1) + ":" + parts.group(2))) {
                pins.append(MavenLibrary.xml(parts.group(1), parts.group(2), parts.group(4), parts.group(3), "jar"));
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
}
