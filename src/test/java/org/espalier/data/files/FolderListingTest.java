package org.espalier.data.files;

import static org.espalier.data.Faults.fails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A listing looks at names, kinds and lengths; what is in an image file, it doesn't ask. */
class FolderListingTest {
    @TempDir
    private Path temporary;
    private Path root;

    /** Two classes of two files in train and of one in test. */
    @BeforeEach
    void make() throws IOException {
        root = temporary.toRealPath().resolve("images");
        for (String file : List.of("train/ant/0.png", "train/ant/1.png", "train/cat/0.png", "train/cat/1.png", "test/ant/0.png", "test/cat/0.png")) {
            write(file);
        }
    }

    @ParameterizedTest
    @CsvSource({"Train, TEST", "training, val", "TRAINING, Valid", "train, validation", "train, testing"})
    void partsHaveSeveralNamesInAnyCase(String train, String test) throws IOException {
        FolderListing plain = FolderListing.of(root);
        Files.move(root.resolve("train"), root.resolve(train + "."));
        Files.move(root.resolve(train + "."), root.resolve(train));
        Files.move(root.resolve("test"), root.resolve(test + "."));
        Files.move(root.resolve(test + "."), root.resolve(test));
        FolderListing listing = FolderListing.of(root);
        assertEquals(List.of(4, 2), listing.parts().stream().map(part -> part.files().size()).toList());
        assertEquals(test.toLowerCase().startsWith("test"), plain.outline().equals(listing.outline()), "the name is the content's, not the folder's");
        assertTrue(FolderListing.isIn(root));
    }

    @ParameterizedTest
    @ValueSource(strings = {"val", "valid", "VALID", "validation"})
    void besideTestItIsTheValidationSet(String name) throws IOException {
        for (String file : List.of("/ant/0.png", "/ant/1.png", "/cat/0.png")) {
            write(name + file);
        }
        FolderListing listing = FolderListing.of(root);
        assertEquals(List.of("train", "val", "test"), listing.parts().stream().map(FolderListing.Part::folder).toList());
        assertEquals(3, listing.parts().get(1).files().size());
    }

    @Test
    void twoFoldersForOnePartAreRefused() throws IOException {
        write("Test/ant/0.png");
        fails(IllegalArgumentException.class, this::list, "Test and test", "merge them");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Thumbs.db", "desktop.ini", ".DS_Store", "._0.png", ".hidden.png", "ehthumbs.db"})
    void whatSystemsLeaveIsSkipped(String name) throws IOException {
        write(name);
        write("train/" + name);
        write("train/cat/" + name);
        write("__MACOSX/ant/._0.png");
        write("train/__MACOSX/._0.png");
        write("train/ant/@eaDir/0.png");
        FolderListing listing = FolderListing.of(root);
        assertEquals(4, listing.parts().get(0).files().size());
        assertEquals("", listing.remark());
    }

    @Test
    void otherFilesAreCountedInOneSentence() throws IOException {
        write("train/labels.csv");
        write("test/cat/notes.txt");
        write("extra/ant/0.png");
        FolderListing listing = FolderListing.of(root);
        assertEquals(2, listing.parts().get(1).files().size());
        assertTrue(listing.remark().contains("3 entries") && listing.remark().contains("train/labels.csv"), listing.remark());
    }

    @Test
    void aFolderInAClassIsRefusedAsAFolder() throws IOException {
        write("train/ant/more/9.png");
        fails(IllegalArgumentException.class, this::list, root.resolve("train/ant/more"), "is a folder", "move them up");
    }

    @Test
    void anImageThatIsNotReadIsNotLeftOut() throws IOException {
        write("train/ant/9.heic");
        fails(IllegalArgumentException.class, this::list, root.resolve("train/ant/9.heic"), "kind that is not read");
    }

    @Test
    void emptyAndMissingClassesNeedPermission() throws IOException {
        Files.createDirectory(root.resolve("train/bee"));
        fails(IllegalArgumentException.class, this::list, root.resolve("train/bee"), "no image", "allowEmptyClasses()");
        write("train/bee/0.png");
        fails(IllegalArgumentException.class, this::list, root.resolve("test"), "missing [bee]", "allowEmptyClasses()");
        FolderListing listing = FolderListing.of(root, ImageFolderOptions.strict().allowEmptyClasses());
        assertEquals(List.of("ant", "bee", "cat"), listing.classes());
        assertEquals(List.of(0, 2), listing.parts().get(1).files().stream().map(FolderListing.Image::label).toList());
        write("test/cow/0.png");
        fails(IllegalArgumentException.class, () -> FolderListing.of(root, ImageFolderOptions.strict().allowEmptyClasses()), "not in train [cow]");
    }

    @Test
    void aPartWithoutAnyImageIsRefused() throws IOException {
        Files.delete(root.resolve("test/ant/0.png"));
        Files.delete(root.resolve("test/cat/0.png"));
        fails(IllegalArgumentException.class, () -> FolderListing.of(root, ImageFolderOptions.strict().allowEmptyClasses()), root.resolve("test"),
                "no image");
    }

    @Test
    void linksNeedPermission() throws IOException {
        Path file = Files.createSymbolicLink(root.resolve("train/ant/link.png"), root.resolve("train/cat/0.png"));
        fails(IllegalArgumentException.class, this::list, file, "symbolic link", "followLinks()");
        Path elsewhere = Files.move(root.resolve("train/cat"), temporary.resolve("elsewhere"));
        Files.createSymbolicLink(root.resolve("train/cat"), elsewhere);
        Files.delete(file);
        Files.createSymbolicLink(file, elsewhere.resolve("0.png"));
        FolderListing listing = FolderListing.of(root, ImageFolderOptions.strict().followLinks());
        assertEquals(List.of("0.png", "1.png", "link.png", "0.png", "1.png"), listing.parts().get(0).files().stream().map(FolderListing.Image::name).toList());
        Files.delete(file);
        Files.createSymbolicLink(file, root.resolve("nowhere"));
        fails(IllegalArgumentException.class, () -> FolderListing.of(root, ImageFolderOptions.strict().followLinks()), file, "leads nowhere");
    }

    @Test
    void whatIsMissingIsNamedWithWhatIsExpected() throws IOException {
        Path nowhere = temporary.resolve("nowhere");
        fails(UncheckedIOException.class, () -> FolderListing.of(nowhere), nowhere);
        fails(IllegalArgumentException.class, () -> FolderListing.of(root.resolve("train")), "folders train and test", "[ant, cat]");
        Files.move(root.resolve("test"), root.resolve("holdout"));
        fails(IllegalArgumentException.class, this::list, "[train] alone is not enough", "holdout", "validation");
        write("test/0.png");
        fails(IllegalArgumentException.class, this::list, root.resolve("test"), "no class folder", "1 files such as 0.png");
        write("train/cat/2.png");
        Files.write(root.resolve("train/cat/2.png"), new byte[0]);
        fails(IllegalArgumentException.class, this::list, root.resolve("train/cat/2.png"), "is empty");
    }

    @Test
    void theFingerprintTellsWhatWasWritten() throws IOException {
        String before = list().fingerprint();
        Files.write(root.resolve("train/cat/1.png"), new byte[] {1, 2});
        assertNotEquals(before, list().fingerprint());
    }

    private FolderListing list() {
        return FolderListing.of(root);
    }

    private void write(String file) throws IOException {
        Files.createDirectories(root.resolve(file).getParent());
        Files.write(root.resolve(file), new byte[] {1});
    }
}
