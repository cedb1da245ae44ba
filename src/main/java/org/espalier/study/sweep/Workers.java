package org.espalier.study.sweep;

import ai.djl.util.cuda.CudaUtils;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.espalier.data.DatasetRegistry;
import org.espalier.study.store.Store;

/**
 * Several runs at once on this machine, each in a JVM of its own: libtorch lets a process take one gradient at a time.
 *
 * <p>The rule: as many workers as processors, with one thread each. Small networks train faster so than one after another with all threads. On
 * another number of threads the last bits of a result differ; the number is recorded with it. On a GPU, which a small network doesn't fill, the
 * workers share it; with several GPUs they take them by turn.
 */
public final class Workers implements AutoCloseable {
    /** Set where the environment doesn't say otherwise: less time in the allocator. And no spinning beside other workers. */
    private static final Map<String, String> ENVIRONMENT = Map.of("MALLOC_MMAP_THRESHOLD_", "1073741824",
            "MALLOC_TRIM_THRESHOLD_", "1073741824", "MALLOC_TOP_PAD_", "67108864");

    private final List<WorkerProcess> processes;

    private Workers(List<WorkerProcess> processes) {
        this.processes = processes;
    }

    /** By the rule. */
    public static Workers of(Store store, DatasetRegistry library) {
        return of(store, library, Runtime.getRuntime().availableProcessors(), 1);
    }

    /** @param threads that one operation of a run may use */
    public static Workers of(Store store, DatasetRegistry library, int workers, int threads) {
        return of(store, library, workers, threads, Evaluated.BUDGETS);
    }

    /** @param evaluated when their trainings are evaluated */
    public static Workers of(Store store, DatasetRegistry library, int workers, int threads, Evaluated evaluated) {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:+UseSerialGC",
                "-Dai.djl.pytorch.num_threads=" + threads, "-Dai.djl.offline=true", "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn"));
        command.addAll(archiveOf(ManagementFactory.getRuntimeMXBean().getInputArguments()));
        command.add(Worker.class.getName());
        command.addAll(Worker.arguments(store, evaluated, library.folders()));
        return of(command, workers, threads);
    }

    /** The archive that this JVM has its classes from, if it has one, and what it logs of that: the workers have the same class path. */
    static List<String> archiveOf(List<String> options) {
        return options.stream().filter(option -> option.startsWith("-XX:SharedArchiveFile=") || option.startsWith("-Xlog:")).toList();
    }

    static Workers of(List<String> command, int workers, int threads) {
        if (workers < 1 || threads < 1) {
            throw new IllegalArgumentException("at least one worker of one thread is needed, not " + workers + " of " + threads);
        }
        return new Workers(IntStream.range(0, workers).mapToObj(number -> {
            ProcessBuilder builder = new ProcessBuilder(command);
            Map<String, String> environment = builder.environment();
            ENVIRONMENT.forEach(environment::putIfAbsent);
            if (isCrowded(workers, threads)) {
                environment.putIfAbsent("OMP_WAIT_POLICY", "PASSIVE");
            }
            environment.put("OMP_NUM_THREADS", "" + threads);
            environment.put("CLASSPATH", System.getProperty("java.class.path"));
            chooseGpu(environment, number);
            return new WorkerProcess(builder);
        }).toList());
    }

    private static boolean isCrowded(int workers, int threads) {
        return workers > 1 || threads > Runtime.getRuntime().availableProcessors();
    }

    /** Says so where these are more threads than the machine has processors, which makes them wait for each other; empty where not. */
    public static Optional<String> crowd(int workers, int threads) {
        int processors = Runtime.getRuntime().availableProcessors();
        return (long) workers * threads <= processors ? Optional.empty() : Optional.of(workers + " workers of " + threads + " threads share the " + processors
                + " processors here and wait for each other; on a CPU, as many workers of one thread as there are processors are fastest");
    }

    /** Each worker sees one of several GPUs: that of its turn, or the one that ESPALIER_DEVICE names by its number. */
    private static void chooseGpu(Map<String, String> environment, int worker) {
        String visible = environment.get("CUDA_VISIBLE_DEVICES");
        String device = environment.getOrDefault("ESPALIER_DEVICE", "");
        List<String> gpus = visible == null ? IntStream.range(0, CudaUtils.getGpuCount()).mapToObj(Integer::toString).toList()
                : Stream.of(visible.split(",")).filter(gpu -> !gpu.isBlank()).toList();
        boolean named = device.matches("gpu\\d{1,3}");
        int number = named ? Integer.parseInt(device.substring(3)) : worker;
        if (gpus.size() > 1 && (!named || number < gpus.size())) {
            environment.put("CUDA_VISIBLE_DEVICES", gpus.get(number % gpus.size()));
            environment.computeIfPresent("ESPALIER_DEVICE", (key, value) -> named ? "gpu" : value);
        }
    }

    /** To be given to {@link Sweep#run(List)}. */
    public List<? extends JobRunner> all() {
        return processes;
    }

    /** The numbers of the processes that run now. */
    List<Long> pids() {
        return processes.stream().map(WorkerProcess::pid).flatMap(Optional::stream).toList();
    }

    @Override
    public void close() {
        processes.forEach(WorkerProcess::close);
    }
}
