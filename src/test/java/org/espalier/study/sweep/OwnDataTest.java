package org.espalier.study.sweep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import javax.imageio.ImageIO;
import org.espalier.Espalier;
import org.espalier.data.Dataset;
import org.espalier.study.Failure;
import org.espalier.study.Grid;
import org.espalier.study.Result;
import org.espalier.study.Spec;
import org.espalier.study.store.Store;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sweeps over the data that a notebook has in hand. */
class OwnDataTest {
    @TempDir
    private Path folder;

    @Test
    void workersFindAFolderThatWasOpenedHere() throws IOException {
        Path images = folder.resolve("my images");
        paint(images);
        Dataset data = Espalier.imageFolder(images, 8);
        Result result = sweep(data);
        assertEquals(data.name(), result.spec().data());
    }

    @Test
    void aDatasetOfOnesOwnIsSweptInThisJvmOrRefusedBeforeAnythingStarts() throws IOException {
        paint(folder.resolve("images"));
        Dataset painted = Espalier.imageFolder(folder.resolve("images"), 8);
        Dataset own = new Dataset("mine", painted.train(), painted.validation(), painted.test(), painted.normalisation());
        var error = assertThrows(IllegalArgumentException.class, () -> sweep(own));
        assertTrue(error.getMessage().contains("'mine'") && error.getMessage().contains("sweep(specs, store, data)"), error.getMessage());
        assertEquals("mine", sweep(own, own).spec().data());
    }

    @Test
    void aFailureIsTriedAgainByTheSameCell() throws IOException {
        paint(folder.resolve("images"));
        Dataset data = Espalier.imageFolder(folder.resolve("images"), 8);
        try (Store store = Espalier.store(folder.resolve("store"))) {
            store.append(Failure.of(specs(data).get(0), "the disk was full"));
        }
        assertEquals(data.name(), sweep(data, data).spec().data());
    }

    private Result sweep(Dataset data, Dataset... handed) {
        try (Store store = Espalier.store(folder.resolve("store"))) {
            return Espalier.sweep(specs(data), store, handed).get(0);
        }
    }

    private static List<Spec> specs(Dataset data) {
        return Grid.of(data.name(), "cifar-resnet-8 stages=4,4,4 classes=2").over("original", "step epochs=1").specs().stream()
                .map(spec -> spec.with("recipe", "batch=2")).collect(Collectors.toList());
    }

    private static void paint(Path root) throws IOException {
        for (String part : List.of("train", "test")) {
            for (String kind : List.of("light", "dark")) {
                for (int i = 0; i < 2; i++) {
                    BufferedImage image = new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB);
                    image.setRGB(3, i, kind.equals("light") ? 0xFFFFFF : 0x101010);
                    Path file = Files.createDirectories(root.resolve(part).resolve(kind)).resolve(i + ".png");
                    ImageIO.write(image, "png", file.toFile());
                }
            }
        }
    }
}
