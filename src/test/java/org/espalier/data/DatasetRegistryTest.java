package org.espalier.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.espalier.data.files.ImageFolderOptions;
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
        for (String name : List.of(Datasets.imageFolder(folder, ImageFolderOptions.strict(), SILENT).name(), Datasets.imageFolder(folder, ImageFolderOptions.strict().scaledTo(4, 6), SILENT).name(),
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

    @Test
    void aNameOfCifarMeansWhatTheFolderHolds() throws IOException {
        CifarTest.write(folder, 2);
        DatasetRegistry registry = DatasetRegistry.of(List.of(folder));
        String name = Datasets.cifar10(folder).name();
        assertEquals(name + "/take=1", registry.canonical("cifar10/take=1"));
        assertEquals(name, registry.canonical(name));
        assertEquals("cifar10", DatasetRegistry.of(List.of()).canonical("cifar10"));
        assertEquals("fashion-mnist-sample", registry.canonical("fashion-mnist-sample"));
        assertEquals(Datasets.cifar10(folder), registry.dataset(name));
    }

    @Test
    void aFolderMayBeMeantWithoutItsChecksum() throws IOException {
        paint();
        DatasetRegistry registry = DatasetRegistry.of(List.of(folder));
        for (String alias : List.of("folder", "folder@4x6", "stream@16")) {
            String name = registry.canonical(alias + "/take=1,1");
            assertTrue(name.startsWith(alias.replaceFirst("@.*", "") + ":"), name);
            assertEquals(name, registry.dataset(name).name());
        }
    }

    @Test
    void whatWasOpenedInThisJvmIsFoundByItsName() throws IOException {
        paint();
        String name = Datasets.imageFolder(folder, ImageFolderOptions.strict().scaledTo(4), SILENT).name();
        assertEquals(name, DatasetRegistry.ofUser().dataset(name).name());
        assertTrue(DatasetRegistry.ofUser().folders().contains(folder.toAbsolutePath()));
        assertFalse(DatasetRegistry.ofUser().isOnlyHere(name));
    }

    @Test
    void aDatasetOfTheReadersOwnIsOnlyHere() {
        Dataset sample = Datasets.sample().take(1, 1);
        Dataset own = new Dataset("mine", sample.train(), sample.validation(), sample.test(), sample.normalisation());
        assertTrue(DatasetRegistry.of(List.of()).with(own).isOnlyHere("mine/take=1"));
        var error = assertThrows(IllegalArgumentException.class, () -> DatasetRegistry.of(List.of()).isOnlyHere("mine"));
        assertTrue(error.getMessage().contains("sweep(specs, store, data)"), error.getMessage());
    }

    @Test
    void emptyClassesAndLinksAreNoMatterOfStrictnessHere() throws IOException {
        paint();
        Files.createDirectory(folder.resolve("train/none"));
        String name = Datasets.imageFolder(folder, ImageFolderOptions.strict().allowEmptyClasses(), SILENT).name();
        assertEquals(3, DatasetRegistry.of(List.of(folder)).dataset(name).train().classes().size());
    }
}
