package org.espalier.study.sweep;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.espalier.data.Dataset;
import org.espalier.data.DatasetRegistry;
import org.espalier.data.Datasets;
import org.espalier.engine.cpu.FastPath;
import org.espalier.model.Initial;
import org.espalier.model.families.CifarResNet;
import org.espalier.model.families.Shortcut;
import org.espalier.study.Processor;
import org.espalier.train.Recipe;
import org.espalier.train.Training;
import org.espalier.train.schedules.StepDecay;

/** What has to be right on a machine before a study can run on it. */
public enum Diagnostics {
    ESPALIER("Espalier", library -> Optional.ofNullable(Diagnostics.class.getPackage().getImplementationVersion()).orElse("unpackaged") + ", commit "
            + Machine.commit()),
    SYSTEM("system", library -> system()),
    JAVA("Java", library -> System.getProperty("java.vm.name") + " " + System.getProperty("java.version") + ", "
            + Runtime.getRuntime().availableProcessors() + " processors, heap up to " + Runtime.getRuntime().maxMemory() / (1 << 20) + " MB"),
    PROCESSOR("processor", library -> Processor.here().toString()),
    ENGINE("engine", library -> {
        Machine.here();
        return "DJL " + Machine.djl() + ", libtorch " + Machine.libtorch() + " from " + Machine.nativesFolder() + "; " + FastPath.library();
    }),
    DEVICE("device", library -> Machine.here().deviceName() + ", " + Machine.here().threads() + " threads, "
            + Machine.here().execution(CifarResNet.of(56, 10)).text()),
    ENVIRONMENT("environment", library -> Stream.of("OMP_WAIT_POLICY", "OMP_NUM_THREADS", "ESPALIER_DATA", "ESPALIER_CACHE")
            .map(name -> name + "=" + System.getenv(name)).collect(Collectors.joining(", "))),
    DATA("data", library -> String.join("; ", Stream.concat(Stream.of("fashion-mnist-sample, from the jar"), library.found().stream()).toList())),
    JUPYTER("jupyter", library -> jupyter()),
    STEP("training step", library -> step());

    private final String label;
    private final Function<DatasetRegistry, String> look;

    Diagnostics(String label, Function<DatasetRegistry, String> look) {
        this.label = label;
        this.look = look;
    }

    public String label() {
        return label;
    }

    /** What was found, in a line. @throws RuntimeException that says what is wrong */
    public String look(DatasetRegistry library) {
        return look.apply(library);
    }

    private static String system() {
        try {
            Path release = Path.of("/etc/os-release");
            String name = Files.isReadable(release) ? Files.readString(release).replaceAll("(?s).*?PRETTY_NAME=\"?([^\"\n]*).*", "$1")
                    : System.getProperty("os.name") + " " + System.getProperty("os.version");
            return name + ", " + System.getProperty("os.arch");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String jupyter() {
        try {
            Process asked = new ProcessBuilder("jupyter", "--version").redirectErrorStream(true).start();
            return new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines()
                    .filter(line -> line.matches("(jupyter_client|jupyterlab|notebook|nbclient) *: *\\d.*")).map(line -> line.replaceAll(" *: *", " "))
                    .collect(Collectors.joining(", "));
        } catch (IOException e) {
            return "none on the PATH";
        }
    }

    private static String step() {
        Dataset data = Datasets.sample().take(64, 1);
        var network = Initial.network(CifarResNet.dense(20, List.of(16, 32, 64), 1, 10, Shortcut.SUBSAMPLE), 1);
        Recipe recipe = Recipe.ofPaper().withBatch(64);
        try (Training training = Training.start(network, StepDecay.cifar(2), 2, data, recipe)) {
            training.nextEpoch();
            double seconds = training.nextEpoch().seconds();
            return String.format("%.0f ms for a batch of 64 in ResNet-20 (%.0f images/s)", 100 * seconds, 640 / seconds);
        }
    }
}
