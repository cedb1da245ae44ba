package org.espalier.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/** The processors' time that others take while something is measured: other processes, and other machines on the same host. */
final class Load {
    private static final Path COUNTERS = Path.of("/proc/stat");
    /** Of all processors' time: the system's own work is below it. */
    private static final double MOST = .05;
    private static final double PER_SECOND = 100;
    /** Fields of its first line that are time of work: user, nice, system, irq, softirq, steal. */
    private static final List<Integer> WORK = List.of(1, 2, 3, 6, 7, 8);

    private final Collection<? extends Side> own;
    private final double before;
    private final long began = System.nanoTime();

    private Load(Collection<? extends Side> own) {
        this.own = own;
        before = ofOthers();
    }

    /** Counts from now on what isn't the work of these. */
    static Load besides(Collection<? extends Side> own) {
        return new Load(own);
    }

    /** How many processors others have used since, on average; 0 where the system doesn't tell. */
    double processors() {
        return Math.max(0, ofOthers() - before) / ((System.nanoTime() - began) / 1e9);
    }

    /** Whether so many are too many for a comparison that is to be trusted. */
    static boolean isBusy(double processors) {
        return processors > MOST * all();
    }

    /** All of this machine, also those that this process may not use. */
    static int all() {
        return (int) Math.max(1, lines().stream().filter(line -> line.matches("cpu\\d.*")).count());
    }

    private double ofOthers() {
        double work = lines().stream().limit(1).mapToDouble(line -> work(line.split(" +"))).sum() / PER_SECOND;
        return work - own.stream().mapToDouble(Side::cpuSeconds).sum();
    }

    static double work(String... fields) {
        return WORK.stream().filter(field -> field < fields.length).mapToDouble(field -> Double.parseDouble(fields[field])).sum();
    }

    private static List<String> lines() {
        try {
            return Files.isReadable(COUNTERS) ? Arrays.asList(Files.readString(COUNTERS).split("\n")) : List.of();
        } catch (IOException e) {
            return List.of();
        }
    }
}
