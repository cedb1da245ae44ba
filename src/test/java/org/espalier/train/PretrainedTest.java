package org.espalier.train;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.Device;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.espalier.data.Augmentation;
import org.espalier.data.Dataset;
import org.espalier.data.Datasets;
import org.espalier.data.MemoryFormat;
import org.espalier.data.Normalisation;
import org.espalier.engine.DeviceNetwork;
import org.espalier.engine.device.Devices;
import org.espalier.engine.Execution;
import org.espalier.model.Network;
import org.espalier.model.loading.Networks;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Networks that others trained with PyTorch answer as they do there. ESPALIER_DEV_DATA is a folder with {@code pretrained/},
 * {@code cifar-10-batches-bin/} and PyTorch's answers in {@code reference.json}. On a GPU, NVIDIA_TF32_OVERRIDE has to be 0 for as many digits.
 */
@EnabledIfEnvironmentVariable(named = "ESPALIER_DEV_DATA", matches = ".+", disabledReason = "no pretrained networks: ESPALIER_DEV_DATA isn't set")
class PretrainedTest {
    private static final Path FOLDER = Path.of(System.getenv().getOrDefault("ESPALIER_DEV_DATA", "."));

    static List<Arguments> networksAndExecutions() {
        return Stream.of(new String[] {"resnet20", "resnet20-12fca82f.th"}, new String[] {"resnet56", "resnet56-4bfd9763.th"})
                .flatMap(network -> Stream.<Execution>of(new Execution.Sharded(false), new Execution.Sharded(true), new Execution.WholeBatch(MemoryFormat.CHANNELS_LAST, 8),
                        new Execution.WholeBatch(MemoryFormat.CONTIGUOUS, 1)).map(execution -> Arguments.of(network[0], network[1], execution))).toList();
    }

    @ParameterizedTest
    @MethodSource("networksAndExecutions")
    void aPretrainedResNetAnswersAsInPyTorch(String name, String file, Execution execution) throws Exception {
        JsonObject reference = JsonParser.parseString(Files.readString(FOLDER.resolve("reference.json"))).getAsJsonObject().getAsJsonObject(name);
        Dataset data = Datasets.cifar10(FOLDER.resolve("cifar-10-batches-bin")).normalised(Normalisation.IMAGENET);
        Network network = Networks.load(FOLDER.resolve("pretrained").resolve(file));
        try (DeviceNetwork live = DeviceNetwork.on(execution instanceof Execution.Sharded ? Device.cpu() : Devices.current(), network, execution); var mode = live.mode()) {
            var test = Evaluation.loader(live, data.test(), data.normalisation());
            Evaluation evaluation = Evaluation.of(live, test);
            assertEquals(reference.get("correct").getAsInt(), evaluation.correct());
            assertEquals(reference.get("test_images").getAsInt(), evaluation.images());
            double loss = reference.get("mean_loss").getAsDouble();
            assertEquals(loss, evaluation.loss(), 1e-4 * loss);
            var first = test.pass(new int[] {0, 1}, 2, Augmentation.NONE, 0, 0).next(live.manager()).images();
            float[] logits = live.logits(first).toFloatArray();
            for (int i = 0; i < 20; i++) {
                double expected = reference.getAsJsonArray("logits_image_" + i / 10).get(i % 10).getAsDouble();
                assertEquals(expected, logits[i], 1e-4 * Math.max(1, Math.abs(expected)), "logit " + i % 10 + " of image " + i / 10);
            }
        }
    }
}
