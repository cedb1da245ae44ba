package org.espalier.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import javax.imageio.ImageIO;
import org.espalier.data.Dataset;
import org.espalier.data.Datasets;
import org.espalier.model.Initial;
import org.espalier.model.Network;
import org.espalier.model.families.CifarResNet;
import org.espalier.train.schedules.CLR;
import org.espalier.train.schedules.FT;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A training and an evaluation don't see whether their images are resident or streamed. */
class StreamedTrainingTest {
    private static final Network NETWORK = Initial.network(CifarResNet.of(8, 2), 1);
    private static final Recipe RECIPE = Recipe.ofPaper().withBatch(16);
    @TempDir
    private static Path root;
    private static Dataset data;

    /** Stripes along one side or the other, in images of many sizes. */
    @BeforeAll
    static void make() throws IOException {
        Random random = new Random(1);
        for (int i = 0; i < 120; i++) {
            BufferedImage image = new BufferedImage(20 + random.nextInt(20), 20 + random.nextInt(20), BufferedImage.TYPE_INT_RGB);
            for (int y = 0; y < image.getHeight(); y++) {
                for (int x = 0; x < image.getWidth(); x++) {
                    image.setRGB(x, y, 0x010101 * ((i % 2 == 0 ? x : y) / 4 % 2 * 120 + random.nextInt(100)));
                }
            }
            Path file = root.resolve(i < 96 ? "train" : "val").resolve(i % 2 == 0 ? "upright" : "level").resolve(i + ".png");
            Files.createDirectories(file.getParent());
            ImageIO.write(image, "png", file.toFile());
        }
        data = Datasets.imageStream(root, 12);
    }

    @AfterEach
    void noThreadIsLeft() {
        assertEquals(List.of(), Thread.getAllStackTraces().keySet().stream().filter(t -> t.getName().startsWith("espalier-decoder")).toList());
    }

    @Test
    void whatCanBeLearntFromAStreamIsLearntAndTheSameEveryTime() {
        Run first = run();
        assertTrue(first.lastEpoch().testAccuracy() > .9, first.toString());
        assertEquals(first.network(), run().network());
        assertEquals(first.lastEpoch().testAccuracy(), Evaluation.of(first.network(), data).accuracy());
    }

    @Test
    void aResumedTrainingEndsWhereTheUninterruptedOneEnds() {
        TrainingState state;
        try (Training training = Training.start(NETWORK, CLR.ofPaper(), 2, data, RECIPE)) {
            training.nextEpoch();
            state = training.state();
        }
        TrainingSetup setup = TrainingSetup.of(NETWORK, CLR.ofPaper(), 2, data, RECIPE);
        try (Training resumed = Training.resume(state, setup); Training whole = Training.start(setup)) {
            resumed.nextEpoch();
            whole.nextEpoch();
            whole.nextEpoch();
            assertEquals(whole.run().network(), resumed.run().network());
        }
    }

    @Test
    void anInterruptedTrainingLeavesNoThread() {
        try (Training training = Training.start(NETWORK, FT.ofPaper(), 1, data, RECIPE)) {
            Thread.currentThread().interrupt();
            assertThrows(CancellationException.class, training::nextEpoch);
            noThreadIsLeft();
        }
    }

    private static Run run() {
        try (Training training = Training.start(NETWORK, CLR.ofPaper(), 8, data, RECIPE)) {
            while (!training.isDone()) {
                training.nextEpoch();
            }
            return training.run();
        }
    }
}
