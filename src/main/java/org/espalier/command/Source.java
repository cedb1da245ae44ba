package org.espalier.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.espalier.data.DatasetRegistry;
import org.espalier.study.Grid;
import org.espalier.study.Spec;
import org.espalier.study.store.Store;
import picocli.CommandLine.Option;

/** The options that say which results a command is about. */
final class Source {
    @Option(names = "--store", paramLabel = "FOLDER", description = "where results are kept (default: ${DEFAULT-VALUE})",
            defaultValue = "results/store")
    private Path store;

    @Option(names = "--include", paramLabel = "CSV", description = "results exported from another store, looked up as well; may be repeated")
    private List<Path> included = new ArrayList<>();

    @Option(names = "--only", paramLabel = "FIELD=VALUE", description = "of the grid, only the experiments with this value, as in seed=1 or "
            + "'schedule=ft | clr'; may be repeated")
    private List<String> only = new ArrayList<>();

    @Option(names = "--json", description = "answer in JSON")
    private boolean json;

    /** To look into; says so where there is none, since a misspelt one reads as an empty one. */
    Store existing(PrintWriter err) {
        if (!isThere()) {
            err.println("there is no store " + store.toAbsolutePath() + " yet; a sweep makes one, and --store says where it is");
        }
        return open();
    }

    boolean isThere() {
        return Files.isDirectory(store) || !included.isEmpty();
    }

    Store open() {
        Store opened = Store.open(store);
        included.forEach(opened::including);
        return opened;
    }

    boolean json() {
        return json;
    }

    /** The experiments that grid files describe, each once, as far as they are wanted. */
    List<Spec> specs(List<Path> grids) {
        if (grids.isEmpty() && !only.isEmpty()) {
            throw new IllegalArgumentException("--only " + only.get(0) + " chooses from a grid; name its file");
        }
        return Grid.only(grids.stream().flatMap(grid -> read(grid).stream()).distinct().toList(), only);
    }

    private static List<Spec> read(Path grid) {
        try {
            List<Spec> specs = Grid.parse(Files.readString(grid));
            if (specs.isEmpty()) {
                throw new IllegalArgumentException(grid + " describes no experiment; 'espalier sweep --help' shows what a grid looks like");
            }
            return meant(specs, DatasetRegistry.ofUser());
        } catch (NoSuchFileException e) {
            throw new IllegalArgumentException("there is no grid file " + grid.toAbsolutePath(), e);
        } catch (IOException e) {
            throw new UncheckedIOException("the grid file " + grid + " can't be read: " + e.getMessage(), e);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(grid + ": " + e.getMessage(), e);
        }
    }

    /** The same on what the names of data mean in these folders. */
    static List<Spec> meant(List<Spec> specs, DatasetRegistry datasets) {
        return specs.stream().map(spec -> spec.with("data", datasets.canonical(spec.data()))).distinct().toList();
    }
}
