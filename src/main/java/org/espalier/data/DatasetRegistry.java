package org.espalier.data;

import java.io.File;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.espalier.data.files.ProgressListener;

/**
 * Finds data sets by their canonical names, in any process: those that come with Espalier or are downloaded by it, and those in folders that it
 * was told of. Subsets and validation splits in a name are made again.
 */
public final class DatasetRegistry {
    private final Map<String, Dataset> known = new HashMap<>();
    private final Map<Path, String> unreadable = new LinkedHashMap<>();
    private final List<Path> unopened;
    private final List<Path> folders;

    private DatasetRegistry(List<Path> folders) {
        this.folders = folders.stream().map(folder -> folder.toAbsolutePath().normalize()).toList();
        unopened = new ArrayList<>(this.folders);
    }

    /** Also with these folders: CIFAR-10's binary files, or images in a folder for each class. They are opened when a name is found nowhere else. */
    public static DatasetRegistry of(List<Path> folders) {
        return new DatasetRegistry(folders);
    }

    /** With the folders that the environment variable {@code ESPALIER_DATA} lists, as {@code PATH} lists its own. */
    public static DatasetRegistry ofUser() {
        String listed = System.getenv().getOrDefault("ESPALIER_DATA", "");
        return of(Stream.of(listed.split(File.pathSeparator)).filter(folder -> !folder.isBlank()).map(Path::of).toList());
    }

    /** Also with a data set that is open already. */
    public DatasetRegistry with(Dataset data) {
        known.put(data.name(), data);
        return this;
    }

    public List<Path> folders() {
        return folders;
    }

    /** What lies in the folders, a line each. @throws RuntimeException when a folder has nothing that can be read */
    public synchronized List<String> found() {
        while (!unopened.isEmpty()) {
            Dataset opened = open(unopened.remove(0));
            known.putIfAbsent(opened.name(), opened);
        }
        return known.values().stream().map(Dataset::toString).sorted().toList();
    }

    /** @throws IllegalArgumentException when no data set of that name is found */
    public synchronized Dataset dataset(String name) {
        Dataset found = known.get(name);
        if (found != null) {
            return found;
        }
        int slash = name.lastIndexOf('/');
        Dataset data = slash < 0 ? source(name) : derived(dataset(name.substring(0, slash)), name.substring(slash + 1));
        if (!data.name().equals(name)) {
            throw new IllegalArgumentException("the data set " + name + " is called " + data.name() + " in canonical form; use that");
        }
        known.put(name, data);
        return data;
    }

    private Dataset source(String name) {
        switch (name) {
            case "fashion-mnist-sample":
                return Datasets.sample();
            case "fashion-mnist":
                return Datasets.fashionMnist(ProgressListener.lines(System.err));
            default:
        }
        int at = name.indexOf('@');
        if (at >= 0) {
            return folders.stream().filter(DatasetRegistry::holdsImages).map(folder -> sized(folder, name.substring(0, at), name.substring(at + 1)))
                    .filter(opened -> opened.name().equals(name)).findFirst().orElseThrow(() -> unknown(name));
        }
        while (!unopened.isEmpty()) {
            Path folder = unopened.remove(0);
            try {
                Dataset opened = open(folder);
                known.putIfAbsent(opened.name(), opened);
                if (opened.name().equals(name)) {
                    return opened;
                }
            } catch (IllegalArgumentException | UncheckedIOException e) {
                unreadable.put(folder, e.getMessage());
            }
        }
        if (name.equals("cifar10")) {
            return Datasets.cifar10(ProgressListener.lines(System.err));
        }
        throw unknown(name);
    }

    private IllegalArgumentException unknown(String name) {
        return new IllegalArgumentException("no data set is called '" + name + "'; known are fashion-mnist-sample, fashion-mnist, cifar10 and what "
                + "lies in the folders of ESPALIER_DATA or --data " + folders + ", which is " + known.keySet()
                + (unreadable.isEmpty() ? "" : "; unreadable are " + unreadable));
    }

    /** Images that are scaled ({@code folder:...@32x32}) or streamed ({@code stream:...@224}) have the size in their name. */
    private static Dataset sized(Path folder, String kind, String size) {
        String[] sides = size.split("x");
        try {
            int height = Integer.parseInt(sides[0]);
            return kind.startsWith("stream:") ? Datasets.imageStream(folder, height)
                    : Datasets.imageFolder(folder, height, Integer.parseInt(sides[sides.length - 1]), ProgressListener.lines(System.err));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("'" + size + "' is no size of images; 224 or 32x32 are", e);
        }
    }

    private static boolean holdsImages(Path folder) {
        return Stream.of("train", "test", "val").anyMatch(part -> Files.isDirectory(folder.resolve(part)));
    }

    private static Dataset open(Path folder) {
        return holdsImages(folder) ? Datasets.imageFolder(folder, ProgressListener.lines(System.err)) : Datasets.cifar10(folder);
    }

    private static Dataset derived(Dataset data, String step) {
        try {
            String[] take = step.startsWith("take=") ? step.substring(5).split(",") : new String[0];
            String[] validation = step.startsWith("validation=") ? step.substring(11).split("@") : new String[0];
            if (take.length == 1) {
                return data.take(Integer.parseInt(take[0]));
            }
            if (take.length == 2) {
                return data.take(Integer.parseInt(take[0]), Integer.parseInt(take[1]));
            }
            if (validation.length == 2) {
                return data.withValidation(Double.parseDouble(validation[0]), Long.parseLong(validation[1]));
            }
            if (step.startsWith("normalisation=")) {
                return data.normalised(Normalisation.of(step.substring(14)));
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("'" + step + "' of a data set's name has no number where one belongs", e);
        }
        throw new IllegalArgumentException("'" + step + "' is no part of a data set's name; known are take=N, take=N,M,"
                + " validation=FRACTION@SEED and normalisation=MEANS:DEVIATIONS");
    }
}
