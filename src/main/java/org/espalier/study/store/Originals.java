package org.espalier.study.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.espalier.text.Sha256;
import org.espalier.study.Result;
import org.espalier.study.Spec;

/**
 * The networks that a store's results start from. Each result names its original's file by SHA-256, and goes on from no other: trained again on
 * another machine, the same spec gives a network with other last bits, and pairs of results would compare two networks under one id.
 */
public final class Originals {
    /** The folder beside an exported CSV file that holds the originals of its rows. */
    public static final String FOLDER = "originals";
    private static final String ENDING = ".safetensors";

    private final Store store;
    private final List<Path> besideIncluded;

    /** @param besideIncluded folders that hold the originals of included CSV files */
    Originals(Store store, List<Path> besideIncluded) {
        this.store = store;
        this.besideIncluded = List.copyOf(besideIncluded);
    }

    /** The SHA-256 of the original's file, as the rows have it; empty where no row says it. */
    public Optional<String> named(Spec original) {
        Optional<String> own = store.result(original.id()).map(Result::originalSha256).filter(sha -> !sha.isEmpty());
        return own.isPresent() ? own : rows(original).map(Result::originalSha256).filter(sha -> !sha.isEmpty()).findFirst();
    }

    /** Whether there is any row of this original or of what started from it. */
    public boolean hasRows(Spec original) {
        return store.has(original.id()) || rows(original).findAny().isPresent();
    }

    private Stream<Result> rows(Spec original) {
        return store.results(spec -> spec.parent().equals(original)).stream();
    }

    /** @throws OriginalMismatchException when these results started from other networks than those that are here already */
    void requireSame(Path csv, List<Result> results) {
        Map<Spec, String> originals = new LinkedHashMap<>();
        results.stream().filter(result -> !result.originalSha256().isEmpty())
                .forEach(result -> originals.putIfAbsent(result.spec().parent(), result.originalSha256()));
        originals.forEach((original, sha) -> named(original).filter(here -> !here.equals(sha)).ifPresent(here -> {
            throw new OriginalMismatchException("the results in " + csv + " started from another original network " + original.id() + " (" + original
                    + ") than those in " + store.folder() + ": SHA-256 " + sha + ", not " + here + ". Use another store for them");
        }));
    }

    /** @throws OriginalMismatchException when a result started from another network than the one that its original's row names */
    void requireSame(Result result) {
        String original = result.spec().parent().id();
        store.result(original).map(Result::originalSha256).filter(named -> !named.isEmpty() && !result.originalSha256().isEmpty())
                .filter(named -> !named.equals(result.originalSha256())).ifPresent(named -> {
                    throw new OriginalMismatchException("a result of " + result.spec() + " started from a network with SHA-256 " + result.originalSha256()
                            + ", but its original " + original + " in " + store.folder() + " is " + named + "; it is not added");
                });
    }

    /**
     * Checks the original's network in the store's folder, after taking it from beside an included CSV file if need be.
     *
     * @return its SHA-256
     * @throws OriginalMismatchException when it isn't there, or isn't the one that the rows name
     */
    public String require(Spec original) {
        Optional<String> named = named(original);
        Path file = store.network(original);
        if (!Files.exists(file)) {
            Path beside = besideIncluded.stream().map(folder -> folder.resolve(file.getFileName())).filter(Files::exists).findFirst()
                    .orElseThrow(() -> missing(original, named));
            AtomicFile.write(file, verified(original, beside, named.orElseThrow(() -> missing(original, named))));
        }
        return named.isPresent() ? Sha256.of(verified(original, file, named.get())) : Sha256.of(bytes(file));
    }

    /**
     * Writes the network of an original that was trained just now.
     *
     * @return the file's SHA-256
     * @throws OriginalMismatchException when rows name another; that one's file is left as it is
     */
    public String keep(Spec original, Consumer<Path> writing) {
        Path file = store.prepared(store.network(original));
        Path unnamed = file.resolveSibling("." + original.id() + "." + UUID.randomUUID() + ENDING);
        try {
            try {
                writing.accept(unnamed);
                AtomicFile.write(file, verified(original, unnamed, named(original).orElseGet(() -> Sha256.of(bytes(unnamed)))));
            } finally {
                Files.deleteIfExists(unnamed);
            }
            return Sha256.of(bytes(file));
        } catch (IOException e) {
            throw new UnwritableException(file, e);
        }
    }

    /**
     * Writes the originals of these results into a folder, as {@code ID.safetensors}; those that lie there already stay as they are.
     *
     * @throws OriginalMismatchException before anything is written, when one of them is missing, isn't the named one, or would replace another file
     */
    public void export(List<Result> results, Path folder) {
        Map<Path, byte[]> files = new LinkedHashMap<>();
        for (Spec original : results.stream().map(result -> result.spec().parent()).distinct().toList()) {
            Optional<String> named = named(original);
            Path name = store.network(original).getFileName();
            Path from = Stream.concat(Stream.of(store.network(original)), besideIncluded.stream().map(beside -> beside.resolve(name)))
                    .filter(Files::exists).findFirst().orElseThrow(() -> missing(original, named));
            byte[] content = named.isPresent() ? verified(original, from, named.get()) : bytes(from);
            Path to = folder.toAbsolutePath().resolve(name);
            if (!Files.exists(to)) {
                files.put(to, content);
            } else if (!Sha256.of(bytes(to)).equals(Sha256.of(content))) {
                throw new OriginalMismatchException(to + " is another network than " + from + " (SHA-256 " + Sha256.of(bytes(to)) + ", not "
                        + Sha256.of(content) + "); export to another folder, or move it away");
            }
        }
        files.forEach(AtomicFile::write);
    }

    private OriginalMismatchException missing(Spec original, Optional<String> named) {
        String places = Stream.concat(Stream.of(store.network(original)), besideIncluded.stream().map(folder -> folder.resolve(original.id() + ENDING)))
                .map(Path::toString).collect(Collectors.joining(", "));
        return new OriginalMismatchException("there are results of the original network " + original.id() + " (" + original + "), but its file isn't here; "
                + "it was looked for at " + places + ", with SHA-256 " + named.orElse("unknown, since its rows are of a release that didn't note it")
                + ". Put the file there that the results were exported with ('espalier export --originals'), or use a store without these results. "
                + "It isn't trained again, for other last bits would mix two networks under one id");
    }

    private static byte[] verified(Spec original, Path file, String sha) {
        byte[] content = bytes(file);
        String found = Sha256.of(content);
        if (!found.equals(sha)) {
            throw new OriginalMismatchException(file + " is not the original network " + original.id() + " that the results name: its SHA-256 is " + found
                    + ", theirs " + sha + ". Put theirs there ('espalier export --originals' writes it), or use a store without these results");
        }
        return content;
    }

    private static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException("the original network " + file + " can't be read: " + e.getMessage(), e);
        }
    }
}
