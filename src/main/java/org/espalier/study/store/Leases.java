package org.espalier.study.store;

import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Who is working on what, so that processes and machines that share a store do everything once. A claim is a file that only one can create;
 * its owner touches it as long as it lives. A claim whose owner is known to be gone, or that wasn't touched for a whole lease while this
 * process was looking on (no two clocks are compared), may be taken over: by creating the claim's next generation, which again only one can.
 *
 * <p>Who holds a claim looks into the store again before working: a predecessor may have finished.
 */
public final class Leases implements AutoCloseable {
    private static final Duration LEASE = Duration.ofSeconds(60);

    private final Path folder;
    private final Duration lease;
    private final Set<Path> held = ConcurrentHashMap.newKeySet();
    private final Map<Path, Sighting> seen = new HashMap<>();
    private final ScheduledExecutorService heart = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "espalier-claims");
        thread.setDaemon(true);
        return thread;
    });

    private record Sighting(FileTime touched, long nanoTime) {
    }

    /** The right to do one job, until it is closed. */
    public final class Lease implements AutoCloseable {
        private final String id;
        private final int generation;

        private Lease(String id, int generation) {
            this.id = id;
            this.generation = generation;
        }

        @Override
        public void close() {
            release(id, generation);
        }
    }

    private Leases(Path folder, Duration lease) {
        this.folder = folder;
        this.lease = lease;
        long beat = Math.max(1, lease.toMillis() / 6);
        Future<?> unused = heart.scheduleAtFixedRate(this::touch, beat, beat, TimeUnit.MILLISECONDS);
    }

    /** With the usual lease of a minute. */
    public static Leases in(Path folder) {
        return in(folder, LEASE);
    }

    public static Leases in(Path folder, Duration lease) {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UnwritableException(folder, e);
        }
        return new Leases(folder, lease);
    }

    /** Empty when somebody else, who may be alive, has it. */
    public synchronized Optional<Lease> take(String id) {
        try {
            int generation = generation(id);
            if (generation > 0 && !isAbandoned(file(id, generation))) {
                return Optional.empty();
            }
            Path mine = file(id, generation + 1);
            if (!mine.toFile().createNewFile()) {
                return Optional.empty();
            }
            held.add(mine);
            // No channel: an interrupt would close it.
            try (FileOutputStream out = new FileOutputStream(mine.toFile())) {
                out.write(LeaseOwner.thisProcess().text().getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                held.remove(mine);
                Files.deleteIfExists(mine);
                throw e;
            }
            return Optional.of(new Lease(id, generation + 1));
        } catch (IOException e) {
            throw new UnwritableException(folder, e);
        }
    }

    private boolean isAbandoned(Path file) throws IOException {
        if (held.contains(file)) {
            return false;
        }
        try (FileInputStream in = new FileInputStream(file.toFile())) {
            FileTime touched = Files.getLastModifiedTime(file);
            // An empty file is one whose owner is just writing its name, or was killed before it could: the lease decides.
            Optional<LeaseOwner> owner = LeaseOwner.parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
            Sighting sighting = seen.get(file);
            if (sighting == null || !sighting.touched.equals(touched)) {
                sighting = new Sighting(touched, System.nanoTime());
                seen.put(file, sighting);
            }
            return owner.map(LeaseOwner::isGone).orElse(false) || System.nanoTime() - sighting.nanoTime > lease.toNanos();
        } catch (FileNotFoundException | NoSuchFileException e) {
            // Released this moment. Not ours to follow: somebody who lists the folder now starts again at the first generation.
            return false;
        }
    }

    /** The claims in a folder that somebody holds, as far as one can tell without waiting, and their owners. */
    static Map<String, String> held(Path folder) {
        Map<String, String> owners = new TreeMap<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : (Iterable<Path>) files.sorted()::iterator) {
                String name = file.getFileName().toString();
                Optional<LeaseOwner> owner = LeaseOwner.parse(Files.readString(file));
                if (owner.map(LeaseOwner::isGone).orElse(true)) {
                    continue;
                }
                owners.put(name.substring(0, name.lastIndexOf('.')), "process " + owner.get().pid() + " on " + owner.get().host());
            }
        } catch (IOException e) {
            // Claims come and go; there may be none, and one may vanish between two looks.
        }
        return owners;
    }

    /** The newest generation that there is of a claim; 0 when there is none. */
    private int generation(String id) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).filter(name -> name.startsWith(id + "."))
                    .mapToInt(name -> Integer.parseInt(name.substring(id.length() + 1))).max().orElse(0);
        }
    }

    private Path file(String id, int generation) {
        return folder.resolve(id + "." + generation);
    }

    /** Its own generation last: as long as that is there, nobody takes it for abandoned. A later one belongs to somebody else. */
    private synchronized void release(String id, int own) {
        try {
            for (int generation = 1; generation <= own; generation++) {
                Files.deleteIfExists(file(id, generation));
            }
            held.remove(file(id, own));
        } catch (IOException e) {
            throw new UnwritableException(folder, e);
        }
    }

    private void touch() {
        for (Path file : held) {
            try {
                Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
            } catch (IOException e) {
                // Somebody else may take the claim over then; at worst a run is done twice, with the same result.
            }
        }
    }

    @Override
    public void close() {
        heart.shutdownNow();
    }
}
