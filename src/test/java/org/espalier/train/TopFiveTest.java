package org.espalier.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Random;
import java.util.stream.IntStream;
import org.espalier.data.Dataset;
import org.espalier.data.Images;
import org.espalier.data.Normalisation;
import org.espalier.engine.CrossEntropy;
import org.espalier.model.Initial;
import org.espalier.model.families.CifarResNet;
import org.espalier.study.sweep.History;
import org.junit.jupiter.api.Test;

class TopFiveTest {
    @Test
    void theLabelCountsAmongTheFiveHighestLogits() {
        Random random = new Random(3);
        float[][] logits = new float[200][12];
        long[] labels = new long[200];
        long expected = 0;
        for (int i = 0; i < 200; i++) {
            int label = random.nextInt(12);
            labels[i] = label;
            for (int c = 0; c < 12; c++) {
                logits[i][c] = random.nextFloat();
            }
            float[] row = logits[i];
            expected += IntStream.range(0, 12).filter(c -> row[c] > row[label]).count() < 5 ? 1 : 0;
        }
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray five = CrossEntropy.correctOfFive(manager.create(logits), manager.create(labels));
            assertEquals(expected, five.getLong());
        }
    }

    @Test
    void onlyDataOfMoreThanTenClassesHasIt() {
        assertEquals(OptionalInt.empty(), evaluation(10).correctOfFive());
        Evaluation eleven = evaluation(11);
        assertTrue(eleven.correctOfFive().getAsInt() >= eleven.correct(), eleven.toString());
        assertTrue(eleven.toString().contains("top-5"), eleven.toString());
    }

    @Test
    void aHistoryKeepsIt() {
        Epoch without = new Epoch(1, .1, 2, .3, OptionalDouble.empty(), 1.5, .4, 3);
        Epoch with = new Epoch(1, .1, 2, .3, OptionalDouble.empty(), 1.5, .4, 3, OptionalDouble.of(.75));
        for (Epoch epoch : List.of(without, with)) {
            assertEquals(List.of(epoch), History.parse(History.text(List.of(epoch))));
        }
        assertTrue(!History.text(List.of(without)).contains("TopFive"), "files of ten classes are as they were");
    }

    @Test
    void aNetworkOfOtherClassesIsRefused() {
        var network = Initial.network(CifarResNet.of(8, 10), 1);
        var error = org.junit.jupiter.api.Assertions.assertThrows(IllegalArgumentException.class, () -> Evaluation.of(network, data(2)));
        assertTrue(error.getMessage().contains("knows 10 classes") && error.getMessage().contains("2 classes"), error.getMessage());
    }

    private static Evaluation evaluation(int classes) {
        return Evaluation.of(Initial.network(CifarResNet.of(8, classes), 1), data(classes));
    }

    private static Dataset data(int classes) {
        byte[] pixels = new byte[30 * 8 * 8 * 3];
        new Random(1).nextBytes(pixels);
        Images images = Images.of(ByteBuffer.wrap(pixels), IntStream.range(0, 30).map(i -> i % classes).toArray(), 8, 8, 3,
                IntStream.range(0, classes).mapToObj(c -> "class" + c).toList());
        return new Dataset("noise", images, Optional.empty(), images, Normalisation.CIFAR10);
    }
}
