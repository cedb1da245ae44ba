package org.espalier.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.espalier.study.Scale;
import org.espalier.study.store.Store;

/** Where the files of a study lie in a checkout: its grids and claims, the rows of all studies at this scale, and its own store. */
record StudyFolder(String name, Scale scale, Path root) {

    /** The checkout around a folder. @throws IllegalArgumentException when there is none */
    static Path root(Path folder) {
        return Stream.iterate(folder, here -> here != null, Path::getParent).filter(here -> Files.isDirectory(here.resolve("notebooks/studies"))).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("neither " + folder + " nor a folder above it holds notebooks/studies; open the notebook "
                        + "from a checkout of Espalier"));
    }

    Path path() {
        return root.resolve("notebooks/studies").resolve(name);
    }

    /** The tests that were written down; empty without any. */
    Optional<Path> claims() {
        return Optional.of(path().resolve(scale == Scale.LAPTOP ? "claims.txt" : "claims-" + scale + ".txt")).filter(Files::exists);
    }

    /** The grid's file first, then those of the arms beyond it. */
    List<Path> grids() throws IOException {
        try (Stream<Path> files = Files.list(path())) {
            List<Path> grids = files.filter(file -> file.getFileName().toString().matches(scale + "(-.*)?\\.txt"))
                    .sorted(Comparator.comparing((Path file) -> !file.endsWith(scale + ".txt")).thenComparing(file -> file)).toList();
            if (grids.isEmpty() || !grids.get(0).endsWith(scale + ".txt")) {
                throw new IllegalArgumentException("there is no grid " + path().resolve(scale + ".txt"));
            }
            return grids;
        }
    }

    Store store() {
        Store store = Store.open(root.resolve("target/studies/" + name + "-" + scale));
        measured().forEach(store::including);
        return store;
    }

    /** The rows of all studies at this scale, which share their original networks. */
    List<Path> measured() {
        Path results = root.resolve("results");
        if (scale == Scale.SMOKE || !Files.isDirectory(results)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(results)) {
            return files.filter(file -> file.getFileName().toString().endsWith("-" + scale + ".csv")).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException("the results in " + results + " can't be read: " + e.getMessage(), e);
        }
    }

    /** Where this study's rows are kept. */
    Path csv() {
        return root.resolve("results/" + name + "-" + scale + ".csv");
    }
}
