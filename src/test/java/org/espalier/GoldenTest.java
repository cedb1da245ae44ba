package org.espalier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.Device;
import ai.djl.engine.Engine;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.espalier.data.Dataset;
import org.espalier.data.Datasets;
import org.espalier.data.MemoryFormat;
import org.espalier.engine.device.EngineMode;
import org.espalier.engine.Execution;
import org.espalier.model.Architecture;
import org.espalier.model.Initial;
import org.espalier.model.Network;
import org.espalier.model.Tensor;
import org.espalier.prune.Criterion;
import org.espalier.prune.Plan;
import org.espalier.prune.Pruning;
import org.espalier.train.Recipe;
import org.espalier.train.Schedule;
import org.espalier.train.Training;
import org.espalier.train.TrainingSetup;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * Pins what the ids of results mean: initial weights, tensors and their order, kept filters, pruned weights, and the weights after an epoch,
 * against {@code golden.txt}, which was written before the networks became graphs.
 *
 * <p>{@code mvn test -Dtest=GoldenTest -Despalier.golden=write} writes the file anew, and keeps the exact lines of other machines. A line that
 * changes says that stored results mean something else now; only new lines are harmless.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GoldenTest {
    private static final Path FILE = Path.of("src/test/resources/org/espalier/golden.txt");
    private static final boolean WRITE = "write".equals(System.getProperty("espalier.golden"));
    private static final String EXACT = "exact: ";
    /** Of a tensor's sum of magnitudes: what rounding may change of its sum within an epoch of four steps. */
    private static final double TOLERANCE = 1e-4;
    /** The same of biases, which begin at zero: all that is in them is the gradient, and its rounding. */
    private static final double TOLERANCE_OF_BIASES = .05;

    private static final List<String> NETWORKS = List.of("cifar-resnet-20", "cifar-resnet-20 shortcut=average", "cifar-resnet-20 channels=1",
            "cifar-resnet-20 classes=100", "cifar-resnet-20 channels=1 classes=100 shortcut=average", "cifar-resnet-8 stages=4,8,16",
            "cifar-resnet-8 stages=4,8,16 inner=3,5,9", "cifar-resnet-56", "cifar-resnet-110", "vgg-16", "vgg-16 channels=1 classes=100");
    private static final List<Long> SEEDS = List.of(1L, 2L, -7L);
    private static final Map<String, List<String>> PLANS = plans();
    private static final List<String> TRAININGS = List.of("cifar-resnet-20 channels=1, dense, ft rate=1.0E-5",
            "cifar-resnet-20 channels=1 shortcut=average, R20-D, ft rate=1.0E-5", "cifar-resnet-56 channels=1, R56-B, ft rate=1.0E-5",
            "vgg-16 channels=1, VGG-A, ft rate=1.0E-5");
    /** At rates as the paper has them, four steps make a difference in the last bit one in the second digit: these are compared bit by bit only. */
    private static final List<String> FAST_TRAININGS = List.of("cifar-resnet-20 channels=1, dense, step epochs=160",
            "cifar-resnet-20 channels=1, R20-D, clr", "cifar-resnet-56 channels=1, R56-B, slr", "vgg-16 channels=1, VGG-A, clr");

    /** What several tests look at. */
    private final Map<String, Network> trained = new HashMap<>();

    private static Map<String, List<String>> plans() {
        Map<String, List<String>> plans = new LinkedHashMap<>();
        plans.put("cifar-resnet-20", List.of("R20-D", "uniform(0.5)"));
        plans.put("cifar-resnet-20 channels=1 classes=100 shortcut=average", List.of("uniform(0.5)"));
        plans.put("cifar-resnet-8 stages=4,8,16 inner=3,5,9", List.of("uniform(0.5)"));
        plans.put("cifar-resnet-56", List.of("R56-B", "uniform(0.5)"));
        plans.put("vgg-16", List.of("VGG-A", "uniform(0.5)"));
        return plans;
    }

    @Test
    void networksKeepTheirTextsAndTensors() {
        Map<String, String> found = new LinkedHashMap<>();
        for (String text : NETWORKS) {
            Architecture architecture = Architecture.parse(text);
            assertEquals(text, architecture.text());
            String shapes = architecture.shapes().entrySet().stream().map(entry -> entry.getKey() + Arrays.toString(entry.getValue()).replace(" ", ""))
                    .collect(Collectors.joining(" "));
            int count = architecture.shapes().size();
            found.put("tensors: " + text, count <= 150 ? shapes : count + " tensors, " + hash(shapes));
            found.put("cost: " + text, architecture.parameters() + " parameters, " + architecture.macs(32, 32) + " MACs");
        }
        check(found);
    }

    @Test
    void initialWeightsAreTheSameBits() {
        Map<String, String> found = new LinkedHashMap<>();
        for (String text : NETWORKS) {
            SEEDS.forEach(seed -> found.put("initial weights: " + text + ", seed " + seed, hash(Initial.network(Architecture.parse(text), seed))));
        }
        check(found);
    }

    @Test
    void criteriaKeepTheSameFilters() {
        Map<String, String> found = new LinkedHashMap<>();
        PLANS.forEach((text, plans) -> {
            Network network = numbered(Initial.network(Architecture.parse(text), 1));
            for (String plan : plans) {
                for (String criterion : List.of("l1", "l2", "random@1", "random@2", "random@12345")) {
                    String name = text + ", " + plan + ", " + criterion;
                    List<int[]> kept = kept(network, plan, criterion);
                    found.put("kept filters: " + name, hash(kept.stream().map(Arrays::toString).collect(Collectors.joining())));
                    found.put("pruned weights: " + name, hash(pruned(network, plan, criterion)));
                }
            }
        });
        check(found);
    }

    @Test
    void uniformPrunesTheSameLayers() {
        Map<String, String> found = new LinkedHashMap<>();
        for (String text : NETWORKS) {
            Network network = Initial.network(Architecture.parse(text), 1);
            found.put("uniform(0.5) prunes: " + text, prunedLayers(network, pruned(network, "uniform(0.5)", "l1")));
            for (String plan : List.of("uniform(0.1)", "uniform(0.3)", "uniform(0.99)")) {
                found.put(plan + " leaves: " + text, pruned(network, plan, "l1").architecture().text());
            }
        }
        check(found);
    }

    @Test
    void anEpochEndsAtTheSameWeightsUpToRounding() {
        Map<String, String> golden = golden();
        Map<String, String> found = new LinkedHashMap<>();
        List<String> wrong = new ArrayList<>();
        for (String training : TRAININGS) {
            String key = "tensor sums after an epoch: " + training;
            for (String execution : executions(training)) {
                Map<String, Tensor> tensors = trained(training, execution).weights().tensors();
                found.putIfAbsent(key, tensors.values().stream().map(tensor -> String.format(Locale.ROOT, "%.7g", sum(tensor))).collect(Collectors.joining(" ")));
                String[] expected = (WRITE ? found : golden).getOrDefault(key, "").split(" ");
                assertEquals(tensors.size(), expected.length, "numbers in the line '" + key + "'");
                int i = 0;
                for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
                    double deviation = Math.abs(sum(entry.getValue()) - Double.parseDouble(expected[i++])) / magnitude(entry.getValue());
                    if (!(deviation <= tolerance(entry.getKey()))) {
                        wrong.add(entry.getKey() + " deviates by " + deviation + ": " + training + ", " + execution);
                    }
                }
            }
        }
        if (WRITE) {
            write(found);
        }
        assertTrue(wrong.isEmpty(), () -> String.join("\n", wrong));
    }

    @Test
    void anEpochEndsAtTheSameBitsOnTheSameKindOfMachine() {
        Map<String, String> golden = golden();
        String machine = machine();
        assumeTrue(WRITE || golden.keySet().stream().anyMatch(key -> key.startsWith(EXACT + machine)),
                "no exact weights are recorded for this kind of machine (" + machine + "), so they were compared up to rounding only");
        Map<String, String> found = new LinkedHashMap<>();
        for (String training : Stream.of(TRAININGS, FAST_TRAININGS).flatMap(List::stream).toList()) {
            executions(training).forEach(execution -> found.put(EXACT + machine + ": " + training + ": " + execution, hash(trained(training, execution))));
        }
        // What this machine could not compute when its lines were written was compared up to rounding.
        found.keySet().removeIf(key -> !WRITE && !golden.containsKey(key));
        check(found);
    }

    // The engine, the training loop and pruning as they are called today: what is to be adapted when they change.

    /** @param criterion {@code random@seed} for the random one */
    private static List<int[]> kept(Network network, String plan, String criterion) {
        return Pruning.kept(network, Plan.parse(plan), criterion(criterion));
    }

    private static Network pruned(Network network, String plan, String criterion) {
        return Pruning.prune(network, Plan.parse(plan), criterion(criterion));
    }

    private static Criterion criterion(String text) {
        String[] parts = text.split("@");
        return Criterion.parse(parts[0], parts.length == 1 ? 0 : Long.parseLong(parts[1]));
    }

    private static Execution execution(String name) {
        return switch (name) {
            case "whole batches, channels first" -> new Execution.WholeBatch(MemoryFormat.CONTIGUOUS, 1);
            case "whole batches, channels last" -> new Execution.WholeBatch(MemoryFormat.CHANNELS_LAST, 1);
            case "whole batches, channels last, padded to 8" -> new Execution.WholeBatch(MemoryFormat.CHANNELS_LAST, 8);
            case "shards" -> new Execution.Sharded(false);
            case "shards, Winograd" -> new Execution.Sharded(true);
            default -> throw new IllegalArgumentException(name);
        };
    }

    /** Those that can compute the network here. */
    private static List<String> executions(String training) {
        Architecture architecture = Architecture.parse(training.split(", ")[0]);
        return List.of("whole batches, channels first", "whole batches, channels last", "whole batches, channels last, padded to 8", "shards", "shards, Winograd").stream()
                .filter(name -> execution(name).obstacle(Device.cpu(), architecture).isEmpty()).toList();
    }

    private Network trained(String training, String execution) {
        return trained.computeIfAbsent(training + ": " + execution, name -> train(training, execution));
    }

    /** @param training the architecture, the plan (or "dense") for l1, and the schedule, with commas between */
    private static Network train(String training, String execution) {
        String[] parts = training.split(", ");
        Network initial = Initial.network(Architecture.parse(parts[0]), 1);
        Network network = parts[1].equals("dense") ? initial : pruned(initial, parts[1], "l1");
        Dataset data = Datasets.sample().take(20, 1);
        try (Training epoch = Training.start(TrainingSetup.of(network, Schedule.parse(parts[2]), 1, data, Recipe.parse("", 3)).on(Device.cpu(), execution(execution)))) {
            epoch.nextEpoch();
            return epoch.run().network();
        }
    }

    // What is compared

    /** Batch norm's vectors hold each channel's number, so that it shows which of them stay. */
    private static Network numbered(Network network) {
        Map<String, Tensor> vectors = new LinkedHashMap<>();
        network.weights().tensors().forEach((name, tensor) -> {
            if (tensor.shape().length == 1) {
                float[] numbers = new float[tensor.size()];
                IntStream.range(0, numbers.length).forEach(i -> numbers[i] = i + 1);
                vectors.put(name, Tensor.of(numbers, tensor.shape()));
            }
        });
        return new Network(network.architecture(), network.weights().with(vectors));
    }

    private static String prunedLayers(Network dense, Network pruned) {
        List<String> layers = new ArrayList<>();
        dense.weights().tensors().forEach((name, tensor) -> {
            int before = tensor.shape()[0];
            int after = pruned.weights().get(name).shape()[0];
            if (tensor.shape().length > 1 && before != after) {
                layers.add(name.replace(".weight", "") + " " + before + "-" + after);
            }
        });
        return String.join(", ", layers);
    }

    /** Of names, shapes and the numbers' bits, in the order of the {@code state_dict}. */
    private static String hash(Network network) {
        MessageDigest digest = sha256();
        network.weights().tensors().forEach((name, tensor) -> {
            digest.update((name + Arrays.toString(tensor.shape())).getBytes(StandardCharsets.UTF_8));
            ByteBuffer bytes = ByteBuffer.allocate(tensor.size() * Float.BYTES);
            bytes.asFloatBuffer().put(tensor.values());
            digest.update(bytes.array());
        });
        return HexFormat.of().formatHex(digest.digest());
    }

    private static String hash(String text) {
        return HexFormat.of().formatHex(sha256().digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }

    /** A bias in front of batch norm has a gradient of zero, and learns nothing but rounding. */
    private static double tolerance(String tensor) {
        return tensor.equals("hidden.bias") ? Double.POSITIVE_INFINITY : tensor.endsWith(".bias") ? TOLERANCE_OF_BIASES : TOLERANCE;
    }

    /** The places count too, so that a permutation isn't overlooked. */
    private static double sum(Tensor tensor) {
        return IntStream.range(0, tensor.size()).mapToDouble(i -> (1 + i % 13) * (double) tensor.at(i)).sum();
    }

    private static double magnitude(Tensor tensor) {
        return IntStream.range(0, tensor.size()).mapToDouble(i -> (1 + i % 13) * (double) Math.abs(tensor.at(i))).sum();
    }

    /** What decides the last bits: processor, instructions, threads, libtorch. */
    private static String machine() {
        Path processors = Path.of("/proc/cpuinfo");
        List<String> words = new ArrayList<>();
        try {
            List<String> lines = Files.isReadable(processors) ? Files.readAllLines(processors) : List.of();
            for (String field : List.of("vendor_id", "cpu family", "model\t")) {
                lines.stream().filter(line -> line.startsWith(field)).findFirst().ifPresent(line -> words.add(line.substring(line.indexOf(':') + 1).strip()));
            }
            Optional<String> flags = lines.stream().filter(line -> line.startsWith("flags")).findFirst();
            words.add(flags.map(line -> line.contains(" avx512f") ? "AVX-512" : line.contains(" avx2") ? "AVX2" : "no AVX2").orElse(System.getProperty("os.arch")));
        } catch (IOException e) {
            words.add(System.getProperty("os.arch"));
        }
        for (String variable : List.of("ONEDNN_MAX_CPU_ISA", "ATEN_CPU_CAPABILITY")) {
            Optional.ofNullable(System.getenv(variable)).ifPresent(value -> words.add(variable + "=" + value));
        }
        return String.join(" ", words) + ", " + EngineMode.threads() + " threads, PyTorch " + Engine.getInstance().getVersion();
    }

    // The file: a line for each value, "key = value"

    private static void check(Map<String, String> found) {
        if (WRITE) {
            write(found);
            return;
        }
        Map<String, String> golden = golden();
        List<String> wrong = found.entrySet().stream().filter(entry -> !entry.getValue().equals(golden.get(entry.getKey())))
                .map(entry -> entry.getKey() + " = " + entry.getValue() + ", not " + golden.get(entry.getKey())).toList();
        assertTrue(wrong.isEmpty(), () -> wrong.size() + " golden values changed:\n" + String.join("\n", wrong));
    }

    private static Map<String, String> golden() {
        Map<String, String> golden = new TreeMap<>();
        try {
            if (Files.exists(FILE)) {
                Files.readAllLines(FILE).stream().map(line -> line.split(" = ", 2)).forEach(line -> golden.put(line[0], line[1]));
            }
        } catch (IOException e) {
            throw new IllegalStateException("cannot read " + FILE, e);
        }
        return golden;
    }

    private static void write(Map<String, String> found) {
        Map<String, String> golden = golden();
        golden.putAll(found);
        try {
            Files.createDirectories(FILE.getParent());
            Files.write(FILE, golden.entrySet().stream().map(entry -> entry.getKey() + " = " + entry.getValue()).toList());
        } catch (IOException e) {
            throw new IllegalStateException("cannot write " + FILE, e);
        }
    }
}
