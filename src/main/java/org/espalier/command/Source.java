package org.espalier.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.espalier.data.DatasetRegistry;
import org.espalier.study.Grid;
import org.espalier.study.Matched;
import org.espalier.study.Result;
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

    /** Of grid files, as they were first read: a sweep lasts. */
    private final Map<Path, String> texts = new HashMap<>();
    private boolean waits;

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
        return specs(grids, store, datasets, specs -> specs, false);
    }

    /**
     * The same for a sweep.
     *
     * @param named  gives pretrained networks the names that the store knows them by
     * @param atOnce whether something follows only once all is there that it follows from, so that every shard deals with the same
     */
    List<Spec> specs(List<Path> grids, Store store, DatasetRegistry datasets, UnaryOperator<List<Spec>> named, boolean atOnce) {
        return named.apply(specs(grids, datasets, (text, before) -> {
            List<Spec> finding = named.apply(before);
            List<Result> found = store.results(Set.copyOf(finding)::contains);
            waits = atOnce && !Matched.isKnown(finding, found);
            return waits ? List.of() : Matched.of(text, found).specs();
        }));
    }

    /** Whether something that was asked for at once isn't known yet. */
    boolean waits() {
        return waits;
    }

    /** Whether a grid's experiments follow from results. */
    boolean follows(List<Path> grids) {
        return grids.stream().anyMatch(grid -> Matched.describes(texts.get(grid)));
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
        // Those that follow come last, whatever the order of the names.
        Stream.of(false, true).forEach(follows -> grids.forEach(grid -> specs.addAll(read(grid,
                text -> Matched.describes(text) != follows ? List.of() : follows ? following.apply(text, finding(specs)) : described(text), datasets))));
        return Grid.only(specs.stream().distinct().toList(), only);
    }

    private static List<Spec> described(String text) {
        List<Spec> specs = Grid.parse(text);
        if (specs.isEmpty()) {
            throw new IllegalArgumentException("it describes no experiment; 'espalier sweep --help' shows what a grid looks like");
        }
        return specs;
    }

    private static List<Spec> finding(List<Spec> specs) {
        List<Spec> finding = specs.stream().filter(Matched::isFound).toList();
        if (finding.isEmpty()) {
            throw new IllegalArgumentException("its experiments follow from the rows of methods that find their own widths (plan = found): name the grid that "
                    + "has those, too");
        }
        return finding;
    }

    private List<Spec> read(Path grid, Function<String, List<Spec>> reader, DatasetRegistry datasets) {
        try {
            if (!texts.containsKey(grid)) {
                texts.put(grid, Files.readString(grid));
            }
            return reader.apply(texts.get(grid)).stream().map(spec -> spec.with("data", datasets.canonical(spec.data()))).distinct().toList();
        } catch (NoSuchFileException e) {
            throw new IllegalArgumentException("there is no grid file " + grid.toAbsolutePath(), e);
        } catch (IOException e) {
            throw new UncheckedIOException("the grid file " + grid + " can't be read: " + e.getMessage(), e);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(grid + ": " + e.getMessage(), e);
        }
    }
}
