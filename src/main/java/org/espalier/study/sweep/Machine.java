package org.espalier.study.sweep;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.pytorch.jni.LibUtils;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.espalier.engine.device.Devices;
import org.espalier.engine.device.EngineMode;
import org.espalier.engine.Execution;
import org.espalier.model.Architecture;
import org.espalier.study.Failure;
import org.espalier.study.Processor;
import org.espalier.study.Provenance;

/** What this process computes with. */
public record Machine(Device device, int threads) {
    private static final Pattern VERSION = Pattern.compile("__version__ = '([0-9A-Za-z.+-]{1,40})'");

    /** The first GPU that the engine sees, or the CPU. @throws UnfitMachineException when there is no engine to compute with */
    public static Machine here() {
        return of(Optional.empty());
    }

    /** One of several GPUs. */
    public static Machine gpu(int number) {
        return of(Optional.of(number));
    }

    private static Machine of(Optional<Integer> gpu) {
        try {
            Device device = gpu.map(Device::gpu).orElseGet(Devices::current);
            return new Machine(device, EngineMode.threads());
        } catch (EngineException | LinkageError | IllegalStateException e) {
            throw new UnfitMachineException("PyTorch's native libraries can't be loaded here; they are looked for in PYTORCH_LIBRARY_PATH, then in the jars of the "
                    + "class path (pytorch-native-cpu for this platform): " + Failure.cause(e), e);
        }
    }

    /** As the rule has it. */
    public Execution execution(Architecture architecture) {
        return Execution.on(device, architecture);
    }

    public Provenance provenance(Instant started, Architecture architecture) {
        return new Provenance(commit(), djl(), libtorch(), deviceName(), threads, execution(architecture).text(),
                Processor.here().toString(), Provenance.thisHost(), started);
    }

    public String deviceName() {
        return device.isGpu() ? "gpu" + device.getDeviceId() : "cpu";
    }

    public static String djl() {
        return Engine.getDjlVersion();
    }

    /** The engine's version of libtorch, or what an installed PyTorch that lends its own says of itself: PYTORCH_VERSION only names what it passes for. */
    public static String libtorch() {
        return libtorch(Path.of(nativesFolder())).orElseGet(LibUtils::getVersion);
    }

    /** Of the PyTorch whose folder of libraries this is; empty if it is none's. */
    static Optional<String> libtorch(Path libraries) {
        try (Stream<String> lines = Files.lines(libraries.resolveSibling("version.py"))) {
            return lines.map(VERSION::matcher).filter(Matcher::matches).map(found -> found.group(1)).findFirst();
        } catch (IOException | UncheckedIOException e) {
            return Optional.empty();
        }
    }

    /** Where the native libraries came from. */
    public static String nativesFolder() {
        // Only an engine that is there knows.
        Engine.getInstance();
        return LibUtils.getLibtorchPath();
    }

    /** Of the source that this was built from, as the build noted it; {@code unknown} elsewhere. */
    public static String commit() {
        try (InputStream in = Machine.class.getResourceAsStream("/org/espalier/commit.txt")) {
            String noted = in == null ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
            return noted.matches("[0-9a-f]{12,}(-changed)?") ? noted : "unknown";
        } catch (IOException e) {
            return "unknown";
        }
    }
}
