package org.espalier.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.espalier.data.DatasetRegistry;
import org.espalier.study.Grid;
import org.espalier.study.Matched;
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

    /**
     * The experiments that grid files describe, each once, as far as they are wanted: what {@linkplain Matched follows from results} as far as the store
     * has those.
     */
    List<Spec> specs(List<Path> grids, Store store, DatasetRegistry datasets) {
        return specs(grids, store, datasets, specs -> specs);
    }

    /** @param named gives pretrained networks the names that the store knows them by */
    List<Spec> specs(List<Path> grids, Store store, DatasetRegistry datasets, UnaryOperator<List<Spec>> named) {
        return named.apply(specs(grids, datasets, (text, before) -> Matched.of(text, store.results(Set.copyOf(named.apply(before))::contains)).specs()));
    }

    /** The same, with what will follow from results that aren't there. */
    List<Spec> foreseen(List<Path> grids, DatasetRegistry datasets) {
        return specs(grids, datasets, Matched::foreseen);
    }

    private List<Spec> specs(List<Path> grids, DatasetRegistry datasets, BiFunction<String, List<Spec>, List<Spec>> following) {
        if (grids.isEmpty() && !only.isEmpty()) {
            throw new IllegalArgumentException("--only " + only.get(0) + " chooses from a grid; name its file");
        }
        List<Spec> specs = new ArrayList<>();
        for (Path grid : grids) {
            specs.addAll(read(grid, text -> Matched.describes(text) ? following.apply(text, finding(specs)) : Grid.parse(text), datasets));
        }
        return Grid.only(specs.stream().distinct().toList(), only);
    }

    /** Those before a grid that follows from their rows. */
    private static List<Spec> finding(List<Spec> specs) {
        List<Spec> finding = specs.stream().filter(Matched::isFound).toList();
        if (finding.isEmpty()) {
            throw new IllegalArgumentException("its experiments follow from the rows of methods that find their own widths (plan = found): name the grid that "
                    + "has those before it");
        }
        return finding;
    }

    private static List<Spec> read(Path grid, Function<String, List<Spec>> reader, DatasetRegistry datasets) {
        try {
            String text = Files.readString(grid);
            List<Spec> specs = reader.apply(text);
            if (specs.isEmpty() && !Matched.describes(text)) {
                throw new IllegalArgumentException("it describes no experiment; 'espalier sweep --help' shows what a grid looks like");
            }
            return specs.stream().map(spec -> spec.with("data", datasets.canonical(spec.data()))).distinct().toList();
        } catch (NoSuchFileException e) {
            throw new IllegalArgumentException("there is no grid file " + grid.toAbsolutePath(), e);
        } catch (IOException e) {
            throw new UncheckedIOException("the grid file " + grid + " can't be read: " + e.getMessage(), e);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(grid + ": " + e.getMessage(), e);
        }
    }
}
