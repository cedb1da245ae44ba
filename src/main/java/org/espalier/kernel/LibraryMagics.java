package org.espalier.kernel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.espalier.kernel.code.Cell;
import org.espalier.kernel.code.CellFailure;
import org.espalier.kernel.code.ErrorText;
import org.espalier.kernel.code.Session;
import org.espalier.kernel.code.Session.Shown;

/** The magics that bring libraries: from files, from Maven's repositories, by this kernel's names and by those of other Java kernels. */
final class LibraryMagics {
    private static final Pattern DEPENDENCY = Pattern.compile("(?s)<dependency>.*?</dependency>");

    private final Session session;
    private final ClassPath classPath;
    private final Maven maven = new Maven();
    /** What {@code %dependency /add} collects until {@code %dependency /resolve}. */
    private final List<MavenLibrary> collected = new ArrayList<>();

    LibraryMagics(Session session, ClassPath classPath) {
        this.session = session;
        this.classPath = classPath;
    }

    void addTo(Magics magics) {
        magics.add("classpath", "path...", "adds jars or folders (folder/* stands for its jars, lib/*.jar for those that match) to the class path", this::files);
        magics.add("jars", "path...", "the same as %classpath", this::files);
        magics.add("maven", "library...", "fetches group:artifact:version with all that it needs and adds it to the class path", this::maven);
        magics.add("addMavenDependency", "library...", "the same as %maven", this::maven);
        magics.add("addMavenDependencies", "library...", "the same as %maven", this::maven);
        magics.add("mavenRepo", "id url", "has libraries looked for at this address, too", this::repository);
        magics.add("loadFromPOM", "file", "brings the dependencies of a Maven project; with %% in front, those of the XML in the cell", this::project);
        magics.add("dependency", "/add library", "collects libraries, which %dependency /resolve then fetches", this::dependency);
        magics.addForCell("loadFromPOM", (cell, arguments, body) -> pom(body.text()));
    }

    private Optional<Shown> files(Cell cell, String paths) throws CellFailure {
        if (paths.isBlank()) {
            throw ErrorText.plain("UsageError", "%classpath needs jars or folders: %classpath lib/some.jar");
        }
        say(classPath.add(ClassPath.files(paths)), "Nothing to add: all of it is there");
        return Optional.empty();
    }

    private Optional<Shown> maven(Cell cell, String libraries) throws CellFailure {
        List<MavenLibrary> wanted = libraries(libraries);
        if (wanted.isEmpty()) {
            throw ErrorText.plain("UsageError", "%maven needs libraries: %maven org.apache.commons:commons-csv:1.11.0");
        }
        fetch(wanted, "");
        return Optional.empty();
    }

    private static List<MavenLibrary> libraries(String arguments) throws CellFailure {
        List<MavenLibrary> libraries = new ArrayList<>();
        for (String word : Words.of(arguments)) {
            if (!word.startsWith("-")) { // Options of other kernels, such as --optional.
                libraries.add(MavenLibrary.of(word));
            }
        }
        return libraries;
    }

    /** Fetches what isn't there in any version. */
    private void fetch(List<MavenLibrary> wanted, String properties) throws CellFailure {
        List<String> words = new ArrayList<>();
        List<MavenLibrary> lacking = new ArrayList<>();
        for (MavenLibrary library : wanted) {
            Optional<String> inUse = classPath.version(library.artifact());
            if (inUse.isEmpty() || library.xml().contains("<classifier>")) {
                lacking.add(library);
            } else if (!inUse.get().equals(library.version())) {
                words.add(classPath.stays(library.name(), library.version(), inUse.get()));
            }
        }
        if (!lacking.isEmpty()) {
            words.addAll(0, classPath.add(maven.jars(lacking, properties, session::isInterrupted)));
        }
        say(words, "Nothing to add: all of it is there");
    }

    private static void say(List<String> words, String otherwise) {
        System.out.println(words.isEmpty() ? otherwise : String.join("\n", words));
    }

    private Optional<Shown> repository(Cell cell, String arguments) throws CellFailure {
        List<String> words = Words.of(arguments);
        if (words.isEmpty() || words.size() > 2 || !words.get(words.size() - 1).contains(":/")) {
            throw ErrorText.plain("UsageError", "%mavenRepo needs a name and an address: %mavenRepo snapshots https://example.org/maven");
        }
        maven.addRepository(words.get(0), words.get(words.size() - 1));
        return Optional.empty();
    }

    private Optional<Shown> project(Cell cell, String file) throws CellFailure {
        if (file.isBlank()) {
            throw ErrorText.plain("UsageError", "%loadFromPOM needs a file: %loadFromPOM pom.xml");
        }
        try {
            return pom(Files.readString(ClassPath.files(file).get(0)));
        } catch (IOException e) {
            throw ErrorText.plain("FileError", "cannot read " + Path.of(file.strip()).toAbsolutePath() + ": " + e.getMessage());
        }
    }

    private Optional<Shown> pom(String xml) throws CellFailure {
        String plain = xml.replaceAll("(?s)<!--.*?-->", "").replaceAll("(?s)<(dependencyManagement|build|profiles)>.*?</\\1>", "");
        List<MavenLibrary> wanted = DEPENDENCY.matcher(plain).results().map(MatchResult::group).map(MavenLibrary::ofXml).toList();
        if (wanted.isEmpty()) {
            throw ErrorText.plain("UsageError", "there is no <dependency> ... </dependency> in it");
        }
        Pattern.compile("(?s)<repository>.*?</repository>").matcher(plain).results().map(MatchResult::group).forEach(maven::addRepositories);
        fetch(wanted, Pattern.compile("(?s)<properties>.*?</properties>").matcher(plain).results().map(MatchResult::group).collect(Collectors.joining()));
        return Optional.empty();
    }

    private Optional<Shown> dependency(Cell cell, String arguments) throws CellFailure {
        String[] command = arguments.split("\\s+", 2);
        switch (command[0]) {
            case "/add" -> collected.addAll(libraries(command.length == 1 ? "" : command[1]));
            case "/resolve" -> {
                List<MavenLibrary> wanted = List.copyOf(collected);
                collected.clear();
                fetch(wanted, "");
            }
            default -> {
                if (!command[0].startsWith("/")) {
                    return maven(cell, arguments);
                }
                throw ErrorText.plain("UsageError", "%dependency knows /add group:artifact:version and /resolve, not " + command[0]);
            }
        }
        return Optional.empty();
    }
}
