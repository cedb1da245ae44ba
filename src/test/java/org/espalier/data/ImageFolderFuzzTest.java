package org.espalier.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.espalier.data.files.CacheFolder;
import org.espalier.data.files.FolderDecoding;
import org.espalier.data.files.FolderListing;
import org.espalier.data.files.ImageFolderOptions;
import org.espalier.data.files.ProgressListener;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Folders that are well made and then spoilt in random ways, some harmless and some not. A folder loads with exactly the images that were put
 * into its classes, or it is refused by an error that names something in it. {@code -Despalier.fuzz.folders=20000} tries more than CI does.
 */
class ImageFolderFuzzTest {
    private static final int FOLDERS = Integer.getInteger("espalier.fuzz.folders", 150);
    private static final List<String> FORMATS = List.of("png", "bmp", "gif", "jpg", "tiff");
    private static final List<String> JUNK = List.of("Thumbs.db", ".DS_Store", "._a.png", "desktop.ini", "notes.txt", "labels.csv", "0.npy", "README");

    @TempDir
    private Path temporary;
    private final Map<String, Integer> outcomes = new TreeMap<>();

    /** What has to come of a folder: its images by part and class, unless it has to be refused. */
    private static final class Model {
        private final Map<String, List<Integer>> labels = new TreeMap<>();
        private boolean refused;
        private boolean unsure;
    }

    @Test
    void aFolderLoadsExactlyOrIsRefusedByName() throws IOException {
        for (int seed = 0; seed < FOLDERS; seed++) {
            Path root = temporary.resolve("folder-" + seed);
            Random random = new Random(seed);
            Model model = build(root, random);
            load(root, model, ImageFolderOptions.strict(), seed);
            delete(root);
        }
        assertTrue(outcomes.getOrDefault("loaded", 0) > FOLDERS / 5 && outcomes.getOrDefault("refused", 0) > FOLDERS / 5, outcomes.toString());
    }

    private void load(Path root, Model model, ImageFolderOptions options, int seed) {
        try {
            FolderDecoding decoding = new FolderDecoding(FolderListing.of(root, options), Optional.empty(), ProgressListener.SILENT);
            Dataset data = ImageFolder.load(decoding, new CacheFolder(temporary.resolve("cache")));
            assertTrue(!model.refused, "folder " + seed + " should have been refused");
            assertEquals(model.labels.get("train"), labels(data.train()), "training images of folder " + seed);
            assertEquals(model.labels.get("test"), labels(data.test()), "test images of folder " + seed);
            assertEquals(Optional.ofNullable(model.labels.get("val")), data.validation().map(ImageFolderFuzzTest::labels), "folder " + seed);
            outcomes.merge("loaded", 1, Integer::sum);
        } catch (IllegalArgumentException | UncheckedIOException e) {
            assertTrue(model.refused || model.unsure, "folder " + seed + " should have been read, but: " + e.getMessage());
            assertTrue(e.getMessage().contains("folder-" + seed), "the error of folder " + seed + " names nothing in it: " + e.getMessage());
            outcomes.merge("refused", 1, Integer::sum);
        }
    }

    private static Model build(Path root, Random random) throws IOException {
        Model model = new Model();
        int classes = 1 + random.nextInt(3);
        List<String> parts = random.nextBoolean() ? List.of("train", "test") : List.of("train", "val", "test");
        for (String part : parts) {
            String called = called(part, random);
            List<Integer> labels = new ArrayList<>();
            for (int c = 0; c < classes; c++) {
                int images = 1 + random.nextInt(3);
                for (int i = 0; i < images; i++) {
                    String format = FORMATS.get(random.nextInt(FORMATS.size()));
                    Path file = root.resolve(called).resolve("class " + c).resolve(i + "." + (random.nextBoolean() ? format : format.toUpperCase()));
                    Files.createDirectories(file.getParent());
                    Files.write(file, image(format, random));
                    labels.add(c);
                }
            }
            model.labels.put(part, labels);
        }
        for (int damages = random.nextInt(3); damages > 0; damages--) {
            spoil(root, model, random);
        }
        return model;
    }

    private static String called(String part, Random random) {
        List<String> names = Map.of("train", List.of("train", "training"), "val", List.of("val", "valid", "validation"), "test", List.of("test", "testing"))
                .get(part);
        String name = names.get(random.nextInt(names.size()));
        return switch (random.nextInt(3)) {
            case 0 -> name.toUpperCase();
            case 1 -> Character.toUpperCase(name.charAt(0)) + name.substring(1);
            default -> name;
        };
    }

    private static byte[] image(String format, Random random) throws IOException {
        BufferedImage image = new BufferedImage(6, 5, BufferedImage.TYPE_INT_RGB);
        for (int p = 0; p < 30; p++) {
            image.setRGB(p % 6, p / 6, random.nextInt(1 << 24));
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        assertTrue(ImageIO.write(image, format, out));
        return out.toByteArray();
    }

    private static void spoil(Path root, Model model, Random random) throws IOException {
        List<Path> files = all(root, path -> Files.isRegularFile(path) && FORMATS.stream().anyMatch(path.toString().toLowerCase()::endsWith)
                && !path.getFileName().toString().startsWith("."));
        List<Path> folders = all(root, Files::isDirectory);
        Path file = files.get(random.nextInt(files.size()));
        Path folder = folders.get(random.nextInt(folders.size()));
        switch (random.nextInt(10)) {
            case 0 -> Files.write(folder.resolve(JUNK.get(random.nextInt(JUNK.size()))), new byte[] {1});
            case 1 -> {
                Path left = Files.createDirectories(folder.resolve(random.nextBoolean() ? "__MACOSX" : ".cache"));
                Files.write(left.resolve("0.png"), new byte[] {1});
            }
            case 2 -> {
                // Bytes turned over: the image may be another, or none.
                byte[] bytes = Files.readAllBytes(file);
                for (int i = 0; i < 1 + random.nextInt(8); i++) {
                    bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
                }
                Files.write(file, bytes);
                model.unsure = true;
            }
            case 3 -> {
                byte[] bytes = Files.readAllBytes(file);
                Files.write(file, Arrays.copyOf(bytes, random.nextInt(bytes.length)));
                model.unsure = true;
            }
            case 4 -> {
                Files.writeString(file, random.nextBoolean() ? "<html>" : "version https://git-lfs.github.com/spec/v1");
                model.refused = true;
            }
            case 5 -> {
                Files.createDirectories(file.getParent().resolve("more"));
                model.refused = true;
            }
            case 6 -> {
                Files.createSymbolicLink(file.resolveSibling("link" + random.nextInt(1000) + ".png"), file);
                model.refused = true;
            }
            case 7 -> {
                Files.createDirectories(file.getParent().resolveSibling("another class"));
                model.refused = true;
            }
            case 8 -> {
                Files.write(file.resolveSibling("z.heic"), new byte[] {1});
                model.refused = true;
            }
            default -> Files.setLastModifiedTime(file, java.nio.file.attribute.FileTime.fromMillis(random.nextInt()));
        }
    }

    private static List<Path> all(Path root, java.util.function.Predicate<Path> wanted) throws IOException {
        try (Stream<Path> paths = Files.walk(root)) {
            return paths.filter(wanted).filter(path -> !path.toString().contains("__MACOSX") && !path.toString().contains(".cache")).sorted().toList();
        }
    }

    private static List<Integer> labels(Split split) {
        List<Integer> labels = new ArrayList<>();
        for (int i = 0; i < split.size(); i++) {
            assertEquals(90, split.image(i).length);
            labels.add(split.label(i));
        }
        return labels;
    }

    private static void delete(Path root) throws IOException {
        try (Stream<Path> paths = Files.walk(root)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
