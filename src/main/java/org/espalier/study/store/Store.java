package org.espalier.study.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.espalier.study.Failure;
import org.espalier.study.Result;
import org.espalier.study.Spec;

/**
 * Results by the id of their spec, in a folder that several processes and machines may use at once.
 *
 * <pre>
 * rows/rows-HOST-...-.jsonl     results and failures, one JSON object a line; each open store appends to a file of its own
 * histories/ab/ID.csv           a training, epoch by epoch
 * networks/ID.safetensors       original networks
 * checkpoints/                  of trainings that are under way
 * claims/                       who is working on what
 * </pre>
 *
 * <p>Rows are only ever appended. A row that was torn by a kill or a full disk fails its checksum: it is ignored, and the rows around it
 * stay. Rows of a newer release are kept and reported. Once a result is there, failures of the same spec are forgotten.
 */
public final class Store implements AutoCloseable {
    private final Path folder;
    private final Index index;
    private final Map<String, Result> included = new LinkedHashMap<>();
    private final List<Path> includedFiles = new ArrayList<>();
    private Segment own;

    private Store(Path folder) {
        this.folder = folder;
        index = new Index(rows());
    }

    /** Opens the store in a folder; a folder that isn't there is an empty store, and is made when the first row is. */
    public static Store open(Path folder) {
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
            throw new IllegalArgumentException(folder + " is a file; a store is a folder");
        }
        Store store = new Store(folder.toAbsolutePath().normalize());
        store.refresh();
        return store;
    }

    public Path folder() {
        return folder;
    }

    /** Reads what other processes have appended since. @throws UncheckedIOException that names the file which can't be read */
    public synchronized void refresh() {
        index.refresh();
    }

    /**
     * Also looks results up in a CSV file that was exported from a store, for instance one that came with the source; the originals that they
     * started from are looked for in the folder {@code originals} beside it.
     *
     * @throws IllegalArgumentException  that names the line which can't be read
     * @throws OriginalMismatchException when its rows and those that are here already started from different networks of the same id
     */
    public synchronized Store including(Path csv) {
        List<Result> results = Csv.read(csv);
        originals().requireSame(csv, results);
        results.forEach(result -> included.putIfAbsent(result.id(), result));
        includedFiles.add(csv.toAbsolutePath().normalize());
        return this;
    }

    /** The CSV files that it looks results up in as well. */
    public synchronized List<Path> includedFiles() {
        return List.copyOf(includedFiles);
    }

    /** The networks that its results start from. */
    public Originals originals() {
        return new Originals(this, includedFiles().stream().map(csv -> csv.resolveSibling(Originals.FOLDER)).toList());
    }

    /** Whether there is a result, be it one that only a newer release can read. */
    public synchronized boolean has(String id) {
        return index.results().containsKey(id) || included.containsKey(id) || index.newer().containsKey(id);
    }

    public synchronized Optional<Result> result(String id) {
        Index.Line line = index.results().get(id);
        return line != null ? Optional.of(Row.result(line.text())) : Optional.ofNullable(included.get(id));
    }

    /** All results whose spec is wanted, sorted. */
    public List<Result> results(Predicate<Spec> wanted) {
        List<Index.Line> lines;
        List<Result> others;
        synchronized (this) {
            lines = List.copyOf(index.results().values());
            others = included.values().stream().filter(result -> !index.results().containsKey(result.id())).toList();
        }
        // Most of a row is of no use to a query that wants another experiment: the spec decides first.
        Stream<Result> stored = lines.parallelStream().filter(line -> wanted(line, wanted)).flatMap(line -> index.parsed(line, Row::result));
        return Stream.concat(stored, others.stream().filter(result -> wanted.test(result.spec()))).parallel().sorted(Csv.ORDER).toList();
    }

    public List<Result> results() {
        return results(spec -> true);
    }

    /** Runs that failed and have no result yet, the latest failure of each. */
    public synchronized List<Failure> failures() {
        return index.failures().entrySet().stream().filter(failure -> !has(failure.getKey()))
                .flatMap(failure -> index.parsed(failure.getValue(), Row::failure)).toList();
    }

    /** The row of a run's latest failure, if it failed and has no result. */
    public synchronized Optional<String> failure(String id) {
        return index.failures().containsKey(id) && !has(id) ? Optional.of(index.failures().get(id).text()) : Optional.empty();
    }

    private boolean wanted(Index.Line line, Predicate<Spec> wanted) {
        return index.parsed(line, text -> wanted.test(Row.spec(text))).findFirst().orElse(false);
    }

    /** What was found out of order, in sentences: torn or damaged rows, rows of a newer release. Nothing of it was destroyed. */
    public synchronized List<String> remarks() {
        List<String> all = new ArrayList<>(index.remarks());
        if (!index.newer().isEmpty()) {
            all.add(index.newer().size() + " rows were written by a newer release of Espalier and are kept; update to read them: "
                    + index.newer().keySet().stream().limit(5).collect(Collectors.joining(", ")) + (index.newer().size() > 5 ? ", ..." : ""));
        }
        return all;
    }

    /** @throws OriginalMismatchException when it started from another network than the one that its original's row names */
    public void append(Result result) {
        originals().requireSame(result);
        append(Row.of(result));
    }

    public void append(Failure failure) {
        append(Row.of(failure));
    }

    private synchronized void append(byte[] row) {
        if (own == null) {
            try {
                Files.createDirectories(rows());
            } catch (IOException e) {
                throw new UnwritableException(folder, e);
            }
            own = Segment.create(rows());
        }
        try {
            own.append(row);
        } catch (UnwritableException e) {
            // What it wrote may not have been taken back: nothing is written behind it.
            close();
            throw e;
        }
        refresh();
    }

    private Path rows() {
        return folder.resolve("rows");
    }

    /** Where the network of this original spec is, or will be. */
    public Path network(Spec original) {
        return folder.resolve("networks").resolve(original.id() + ".safetensors");
    }

    /** Where a training's history is, or will be. */
    public Path history(String id) {
        return folder.resolve("histories").resolve(id.substring(0, 2)).resolve(id + ".csv");
    }

    /** Where the training under way keeps its checkpoint. */
    public Path checkpoint(String id) {
        return folder.resolve("checkpoints").resolve(id + ".safetensors");
    }

    /** The claims on its jobs. */
    public Leases claims() {
        return Leases.in(folder.resolve("claims"));
    }

    /** What is being worked on now: the jobs' keys, and the processes that claim them. */
    public Map<String, String> claimed() {
        return Leases.held(folder.resolve("claims"));
    }

    /** Makes the folder for one of these files. */
    public Path prepared(Path file) {
        try {
            Files.createDirectories(file.getParent());
            return file;
        } catch (IOException e) {
            throw new UnwritableException(file, e);
        }
    }

    /** Writes one of these files, whole or not at all. */
    public void write(Path file, String content) {
        AtomicFile.write(file, content.getBytes(StandardCharsets.UTF_8));
    }

    /** Deletes one of these files, if it is there. */
    public void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UnwritableException(file, e);
        }
    }

    /**
     * Writes the results of these specs and of the originals that they start from to a CSV file, sorted: the same results give the same bytes, up to
     * the columns that say when and where.
     */
    public void export(Path csv, Collection<Spec> specs) {
        write(csv.toAbsolutePath(), Csv.text(results(withOriginals(specs))));
    }

    /** These specs, and the originals that they start from. */
    public static Predicate<Spec> withOriginals(Collection<Spec> specs) {
        Set<Spec> wanted = new HashSet<>(specs);
        specs.forEach(spec -> wanted.add(spec.parent()));
        return wanted::contains;
    }

    @Override
    public synchronized void close() {
        if (own != null) {
            own.close();
            own = null;
        }
    }
}
