package org.espalier.engine.cpu;

import ai.djl.engine.Engine;
import com.sun.jna.Function;
import java.util.Optional;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.javacpp.Loader;

/**
 * Loads oneDNN, the library that libtorch computes convolutions with on a CPU too. Called directly it plans a convolution once instead of at
 * every call, so that a batch can go through the network in blocks that stay in the cache.
 */
final class OneDnn {
    private static final String OPEN_MP = "libgomp.so.1";
    private static final Optional<String> MISSING = load();

    private OneDnn() {
    }

    private static Optional<String> load() {
        // Both name their OpenMP alike, and the first one that is loaded serves both; the engine's has to be it.
        Engine.getInstance();
        // JavaCPP would count the engine's memory as its own, and refuse to go on where a JVM's heap is much smaller than that.
        if (System.getProperty("org.bytedeco.javacpp.maxphysicalbytes") == null) {
            System.setProperty("org.bytedeco.javacpp.maxPhysicalBytes", System.getProperty("org.bytedeco.javacpp.maxPhysicalBytes", "0"));
        }
        try {
            Loader.load(dnnl.class);
            setThreads(threads());
            return Optional.empty();
        } catch (LinkageError | RuntimeException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /** Says why it can't be loaded, as on platforms that it isn't installed for; empty where it is. */
    static Optional<String> missing() {
        return MISSING;
    }

    /** Its name and version, or why it isn't there. */
    static String description() {
        if (MISSING.isPresent()) {
            return "no oneDNN: " + MISSING.get();
        }
        var version = dnnl.dnnl_version();
        return "oneDNN " + version.major() + "." + version.minor() + "." + version.patch();
    }

    /** Whether it computes with AVX2, and not with AVX-512, which this processor lacks or {@code ONEDNN_MAX_CPU_ISA} forbids. */
    static boolean computesWithAvx2() {
        int instructions = dnnl.dnnl_get_effective_cpu_isa();
        return has(instructions, dnnl.dnnl_cpu_isa_avx2) && !has(instructions, dnnl.dnnl_cpu_isa_avx512_core);
    }

    private static boolean has(int instructions, int wanted) {
        return (instructions & wanted) == wanted;
    }

    /** How many threads it uses for a convolution that this thread asks for. */
    static int threads() {
        return Function.getFunction(OPEN_MP, "omp_get_max_threads").invokeInt(new Object[0]);
    }

    static void setThreads(int threads) {
        Function.getFunction(OPEN_MP, "omp_set_num_threads").invokeVoid(new Object[] {threads});
    }
}
