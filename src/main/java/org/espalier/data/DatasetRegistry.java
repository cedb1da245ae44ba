package org.espalier.data;

import java.io.File;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds datasets by their canonical names, in any process: those that come with Espalier or are downloaded by it, those in folders that it was
 * told of or that were opened in this JVM, and those that it was handed. Subsets and validation splits in a name are made again.
 */
public final class DatasetRegistry {
    private static final Logger LOG = LoggerFactory.getLogger(DatasetRegistry.class);

    private final Map<String, String> aliases = new HashMap<>();
    private final Map<String, Dataset> known = new HashMap<>();
    private final Map<Path, String> unreadable = new LinkedHashMap<>();
    private final Set<String> tried = new HashSet<>();
    private final Set<String> handed = new HashSet<>();
    private final List<Path> told;
    private final List<Path> folders;

    private DatasetRegistry(List<Path> told, List<Path> opened) {
        this.told = told.stream().map(folder -> folder.toAbsolutePath().normalize()).distinct().toList();
        folders = Stream.concat(this.told.stream(), opened.stream()).distinct().toList();
    }

    /** With these folders: CIFAR's files, or images in a folder for each class. They are opened when a name asks for what lies there. */
    public static DatasetRegistry of(List<Path> folders) {
        return new DatasetRegistry(folders, List.of());
    }

    /**
     * With the folders that the environment variable {@code ESPALIER_DATA} lists, as {@code PATH} lists its own, and those that datasets were
     * opened from in this JVM.
     */
    public static DatasetRegistry ofUser() {
        String listed = System.getenv().getOrDefault("ESPALIER_DATA", "");
        return new DatasetRegistry(Stream.of(listed.split(File.pathSeparator)).filter(folder -> !folder.isBlank()).map(Path::of).toList(),
                OpenedFolders.all());
    }

    /** Also with a dataset that is open already; one whose name doesn't say where it comes from exists in this JVM alone. */
    public DatasetRegistry with(Dataset data) {
        known.put(data.name(), data);
        if (DatasetSource.of(data.name()).isEmpty()) {
            handed.add(data.name());
        }
        return this;
    }

    /** For another process to find the same. */
    public List<Path> folders() {
        return folders;
    }

    /** What lies in the folders, a line each. @throws RuntimeException when a folder has nothing that can be read */
    public synchronized List<String> found() {
        for (Path folder : told) {
            List<DatasetSource> sources = Stream.of(DatasetSource.CIFAR10, DatasetSource.CIFAR100, DatasetSource.FOLDER)
                    .filter(source -> source.isIn(folder)).toList();
            if (sources.isEmpty()) {
                throw new IllegalArgumentException(folder + " holds neither CIFAR's files nor the folders train and test (or val)");
            }
            sources.forEach(source -> remember(source.open(folder, "")));
        }
        return known.values().stream().map(Dataset::toString).sorted().toList();
    }

    /**
     * The name of the data that a study means by this name here. {@code cifar10} and {@code cifar100} are the official files; where a folder that
     * this was told of holds others of the kind, a part of them for instance, it means those, and the name that comes back says so. In the same way
     * {@code folder}, {@code folder@32x32} and {@code stream@224} mean the images of such a folder.
     */
    public synchronized String canonical(String name) {
        String[] parts = name.split("/", 2);
        String found = aliases.computeIfAbsent(parts[0], this::inFolders);
        return parts.length == 1 ? found : found + "/" + parts[1];
    }

    private String inFolders(String alias) {
        Optional<DatasetSource> source = DatasetSource.of(alias).filter(any -> !alias.contains(":") && !known.containsKey(alias));
        Optional<Path> folder = source.flatMap(any -> told.stream().filter(any::isIn).findFirst());
        if (folder.isEmpty()) {
            return alias;
        }
        Dataset opened = remember(source.get().open(folder.get(), size(alias)));
        if (!opened.name().equals(alias)) {
            LOG.warn("data = {} means what lies in {}: {}", alias, folder.get(), opened);
        }
        return opened.name();
    }

    /** What a name says behind the @. */
    private static String size(String name) {
        return name.substring(name.contains("@") ? name.indexOf('@') + 1 : name.length());
    }

    /**
     * Whether the data can be found in this JVM only, and by no other process.
     *
     * @throws IllegalArgumentException when it can't be found here either, as far as its name tells
     */
    public boolean isOnlyHere(String name) {
        if (handed.stream().anyMatch(own -> name.equals(own) || name.startsWith(own + "/"))) {
            return true;
        }
        if (DatasetSource.of(name).isEmpty()) {
            throw unknown(name);
        }
        return false;
    }

    /** @throws IllegalArgumentException when no dataset of that name is found */
    public synchronized Dataset dataset(String name) {
        Dataset found = known.get(name);
        if (found != null) {
            return found;
        }
        int slash = name.lastIndexOf('/');
        Dataset data = slash < 0 ? source(name) : derived(dataset(name.substring(0, slash)), name.substring(slash + 1));
        if (!data.name().equals(name)) {
            throw new IllegalArgumentException("the dataset " + name + " is called " + data.name() + " in canonical form; use that");
        }
        known.put(name, data);
        return data;
    }

    private Dataset source(String name) {
        DatasetSource source = DatasetSource.of(name).orElseThrow(() -> unknown(name));
        String size = size(name);
        for (Path folder : folders) {
            if (source.isIn(folder) && tried.add(source + " " + size + " " + folder)) {
                try {
                    Dataset opened = remember(source.open(folder, size));
                    if (opened.name().equals(name)) {
                        return opened;
                    }
                } catch (IllegalArgumentException | UncheckedIOException e) {
                    unreadable.put(folder, e.getMessage());
                }
            }
        }
        return Optional.of(source).filter(any -> !name.contains(":") && size.isEmpty()).flatMap(DatasetSource::withoutFolder).orElseThrow(() -> unknown(name));
    }

    private Dataset remember(Dataset opened) {
        known.putIfAbsent(opened.name(), opened);
        return opened;
    }

    private IllegalArgumentException unknown(String name) {
        return new IllegalArgumentException("no dataset is called '" + name + "'; known are " + DatasetSource.words().subList(0, 4)
                + ", and what lies in the folders of ESPALIER_DATA, of --data, or opened in this JVM " + folders + ", which is " + known.keySet()
                + (unreadable.isEmpty() ? "" : "; unreadable are " + unreadable)
                + ". A Dataset that a notebook made itself exists in its JVM alone: hand it to the sweep there, sweep(specs, store, data)");
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
            throw new IllegalArgumentException("'" + step + "' of a dataset's name has no number where one belongs", e);
        }
        throw new IllegalArgumentException("'" + step + "' is no part of a dataset's name; known are take=N, take=N,M,"
                + " validation=FRACTION@SEED and normalisation=MEANS:DEVIATIONS");
    }
}
