package org.espalier.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.espalier.Espalier;
import org.espalier.kernel.code.Cell;
import org.espalier.kernel.code.CellFailure;
import org.espalier.kernel.code.Session;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The pages of this repository: their Java runs in the kernel as it stands, their shell and Python can be read, their links lead somewhere. */
class GuidesTest {
    private static final Pattern LINK = Pattern.compile("]\\(([^)\\s]+)\\)");
    /** Of files that are read or written, which are a folder's of the test where the repository has none of that name. */
    private static final Pattern FILE = Pattern.compile("Path\\.of\\(\"([^\"]+)\"\\)");

    static Stream<Path> guides() throws IOException {
        return pages().filter(page -> page.startsWith("docs") && has(page, "```java"));
    }

    private static boolean has(Path page, String text) {
        try {
            return Files.readString(page).contains(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Stream<Path> pages() throws IOException {
        List<Path> pages = new ArrayList<>();
        for (String folder : List.of("", "docs", "kernel", "benchmarks", "results", "notebooks")) {
            try (Stream<Path> files = Files.list(Path.of(folder))) {
                files.filter(file -> file.toString().matches(".*\\.(md|ipynb)")).sorted().forEach(pages::add);
            }
        }
        return pages.stream();
    }

    private static List<String> blocks(Path page, String language) throws IOException {
        return Pattern.compile("^```(\\w*)\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE).matcher(Files.readString(page)).results()
                .filter(block -> block.group(1).matches(language)).map(block -> block.group(2)).toList();
    }

    @ParameterizedTest
    @MethodSource("guides")
    void everyBlockOfJavaRuns(Path guide, @TempDir Path folder) throws Exception {
        Espalier.save(Espalier.network("cifar-resnet-8", 1), folder.resolve("resnet56-4bfd9763.th"));
        Session session = new Session(Optional.empty(), System.err);
        KernelMain.startUp(session, Path.of("kernel/imports.jsh"));
        Magics magics = new Magics(session, null);
        int number = 0;
        for (String block : blocks(guide, "java")) {
            String code = FILE.matcher(block).replaceAll(file -> Files.exists(Path.of(file.group(1))) ? file.group()
                    : "Path.of(\"" + folder.resolve(file.group(1)) + "\")");
            try {
                magics.cell(new Cell(++number, code));
            } catch (CellFailure e) {
                fail(guide + ", block " + number + ":\n" + code + String.join("\n", e.lines()));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("pages")
    void shellAndPythonCanBeRead(Path page) throws Exception {
        for (String block : blocks(page, "(sh)?")) {
            assertEquals(0, exit(block.replaceAll("[<>]", ""), "bash", "-n"), page + ":\n" + block);
            for (MatchResult file : Pattern.compile("(?<![\\w/])(?:environment|notebooks/studies|kernel)/[\\w./-]*\\w(?![\\w./*-])").matcher(block).results().toList()) {
                assertTrue(Files.exists(Path.of(file.group())), page + " names " + file.group());
            }
        }
        for (String block : blocks(page, "python")) {
            assertEquals(0, exit(block, "python3", "-c", "import ast, sys; ast.parse(sys.stdin.read())"), page + ":\n" + block);
        }
    }

    private static int exit(String input, String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        try (var out = process.outputWriter()) {
            out.write(input);
        }
        return process.waitFor();
    }

    @ParameterizedTest
    @MethodSource("pages")
    void everyLinkWithinTheRepositoryLeadsSomewhere(Path page) throws Exception {
        for (MatchResult link : LINK.matcher(Files.readString(page)).results().toList()) {
            String target = link.group(1).replace("\\n", "");
            if (target.matches("(https?|mailto):.*")) {
                continue;
            }
            String[] parts = target.split("#", 2);
            Path file = parts[0].isEmpty() ? page : (page.getParent() == null ? Path.of("") : page.getParent()).resolve(parts[0]).normalize();
            assertTrue(Files.exists(file), page + " links to " + target);
            if (parts.length == 2) {
                assertTrue(headings(file).contains(parts[1]), page + " links to " + target + "; there are " + headings(file));
            }
        }
    }

    /** As GitHub names them. */
    private static Set<String> headings(Path page) throws IOException {
        return Files.readAllLines(page).stream().filter(line -> line.startsWith("#")).map(line -> line.replaceFirst("^#+ ", "").toLowerCase(Locale.ROOT)
                .replaceAll("[^\\w -]", "").replace(' ', '-')).collect(Collectors.toSet());
    }

    @Test
    void theReadmeNamesEveryGuideAndEveryNotebook() throws Exception {
        String readme = Files.readString(Path.of("README.md"));
        for (Path page : (Iterable<Path>) pages().filter(page -> page.startsWith("docs") || page.startsWith("kernel") || page.toString().endsWith(".ipynb"))::iterator) {
            assertTrue(readme.contains("](" + page + ")"), page.toString());
        }
    }

    @Test
    void everyLibraryIsListedWithItsLicence() throws Exception {
        String page = Files.readString(Path.of("docs/dependencies.md"));
        for (MatchResult library : Pattern.compile("<dependency>(?:\\s*<!--.*?-->)?\\s*<groupId>[^<]+</groupId>\\s*<artifactId>([^<]+)<").matcher(Files.readString(Path.of("pom.xml")))
                .results().toList()) {
            assertTrue(page.contains("`" + library.group(1) + "`") || library.group(1).equals("jackson-bom"), library.group(1));
        }
    }
}
