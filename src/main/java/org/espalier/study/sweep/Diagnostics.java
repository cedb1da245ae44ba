package org.espalier.study.sweep;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
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
    ESPALIER("Espalier") {
        @Override
        public String look(DatasetRegistry library) {
            return Optional.ofNullable(Diagnostics.class.getPackage().getImplementationVersion()).orElse("unpackaged") + ", commit " + Machine.commit();
        }
    },
    SYSTEM("system") {
        @Override
        public String look(DatasetRegistry library) {
            try {
                Path release = Path.of("/etc/os-release");
                String name = Files.isReadable(release) ? Files.readString(release).replaceAll("(?s).*?PRETTY_NAME=\"?([^\"\n]*).*", "$1")
                        : System.getProperty("os.name") + " " + System.getProperty("os.version");
                return name + ", " + System.getProperty("os.arch");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    },
    JAVA("Java") {
        @Override
        public String look(DatasetRegistry library) {
            Runtime runtime = Runtime.getRuntime();
            return System.getProperty("java.vm.name") + " " + System.getProperty("java.version") + ", " + runtime.availableProcessors()
                    + " processors, heap up to " + runtime.maxMemory() / (1 << 20) + " MB";
        }
    },
    PROCESSOR("processor") {
        @Override
        public String look(DatasetRegistry library) {
            return Processor.here().toString();
        }
    },
    ENGINE("engine") {
        @Override
        public String look(DatasetRegistry library) {
            Machine.here();
            return "DJL " + Machine.djl() + ", libtorch " + Machine.libtorch() + " from " + Machine.nativesFolder() + "; " + FastPath.library();
        }
    },
    DEVICE("device") {
        @Override
        public String look(DatasetRegistry library) {
            Machine machine = Machine.here();
            return machine.deviceName() + ", " + machine.threads() + " threads, " + machine.execution(CifarResNet.of(56, 10)).text();
        }
    },
    ENVIRONMENT("environment") {
        @Override
        public String look(DatasetRegistry library) {
            return "OMP_WAIT_POLICY=" + System.getenv("OMP_WAIT_POLICY") + ", OMP_NUM_THREADS=" + System.getenv("OMP_NUM_THREADS")
                    + ", ESPALIER_DATA="
                    + System.getenv("ESPALIER_DATA") + ", ESPALIER_CACHE=" + System.getenv("ESPALIER_CACHE");
        }
    },
    DATA("data") {
        @Override
        public String look(DatasetRegistry library) {
            List<String> found = library.found();
            return found.isEmpty() ? "fashion-mnist-sample, from the jar" : "fashion-mnist-sample, from the jar; " + String.join("; ", found);
        }
    },
    JUPYTER("jupyter") {
        @Override
        public String look(DatasetRegistry library) {
            try {
                Process asked = new ProcessBuilder("jupyter", "--version").redirectErrorStream(true).start();
                return new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines()
                        .filter(line -> line.matches("(jupyter_client|jupyterlab|notebook|nbclient) *: *\\d.*")).map(line -> line.replaceAll(" *: *", " "))
                        .collect(Collectors.joining(", "));
            } catch (IOException e) {
                return "none on the PATH";
            }
        }
    },
    STEP("training step") {
        @Override
        public String look(DatasetRegistry library) {
            Dataset data = Datasets.sample().take(64, 1);
            var network = Initial.network(CifarResNet.dense(20, List.of(16, 32, 64), 1, 10, Shortcut.SUBSAMPLE), 1);
            Recipe recipe = Recipe.ofPaper().withBatch(64);
            try (Training training = Training.start(network, StepDecay.cifar(2), 2, data, recipe)) {
                training.nextEpoch();
                double seconds = training.nextEpoch().seconds();
                return String.format("%.0f ms for a batch of 64 in ResNet-20 (%.0f images/s)", 100 * seconds, 640 / seconds);
            }
        }
    };

    private final String label;

    Diagnostics(String label) {
        this.label = label;
    }

    public String label() {
        return label;
    }

    /** What was found, in a line. @throws RuntimeException that says what is wrong */
    public abstract String look(DatasetRegistry library);
}
