package org.espalier.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.espalier.data.files.ProgressListener;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatasetRegistryTest {
    private static final ProgressListener SILENT = (what, done, total) -> {
    };
    @TempDir
    Path folder;

    private void paint() throws IOException {
        for (String part : List.of("train", "test")) {
            for (String kind : List.of("light", "dark")) {
                BufferedImage image = new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB);
                image.setRGB(3, 3, kind.equals("light") ? 0xFFFFFF : 0x101010);
                Path file = Files.createDirectories(folder.resolve(part).resolve(kind)).resolve("0.png");
                ImageIO.write(image, "png", file.toFile());
            }
        }
    }

    @Test
    void subsetsAreMadeAgainFromTheirNames() {
        var data = Datasets.sample().take(20, 5).withValidation(.25, 3);
        assertEquals(data.train(), DatasetRegistry.of(List.of()).dataset(data.name()).train());
        assertEquals(data.validation(), DatasetRegistry.of(List.of()).dataset(data.name()).validation());
    }

    @Test
    void anotherNormalisationIsPartOfTheName() {
        var data = Datasets.sample().take(20, 5).normalised(new Normalisation(List.of(.5f), List.of(.25f)));
        assertEquals(data.normalisation(), DatasetRegistry.of(List.of()).dataset(data.name()).normalisation());
        assertThrows(IllegalArgumentException.class, () -> DatasetRegistry.of(List.of()).dataset("fashion-mnist-sample/normalisation=wide"));
    }

    @Test
    void aFolderOfImagesIsFoundByItsName() throws IOException {
        paint();
        DatasetRegistry library = DatasetRegistry.of(List.of(folder));
        for (String name : List.of(Datasets.imageFolder(folder, SILENT).name(), Datasets.imageFolder(folder, 4, 6, SILENT).name(),
                Datasets.imageStream(folder, 16).name())) {
            assertEquals(name, library.dataset(name).name());
            assertEquals(name + "/take=1,1", library.dataset(name + "/take=1,1").name());
        }
        assertTrue(library.found().stream().anyMatch(line -> line.startsWith("folder:")));
    }

    @Test
    void whatIsNowhereIsSaidWithWhatThereIs() throws IOException {
        paint();
        DatasetRegistry library = DatasetRegistry.of(List.of(folder));
        for (String name : List.of("imagenet", "stream:0000@16", "folder:0000@4x4", "stream:0000@wide", "fashion-mnist-sample/half")) {
            var error = assertThrows(IllegalArgumentException.class, () -> library.dataset(name));
            assertTrue(error.getMessage().contains(name.substring(name.indexOf('@') + 1).replaceFirst(".*/", "")), error.getMessage());
        }
    }

    @Test
    void oneThatIsOpenAlreadyNeedsNoFolder() {
        var data = Datasets.sample().take(2, 1);
        assertEquals(data, DatasetRegistry.of(List.of()).with(data).dataset(data.name()));
    }
}
