package org.espalier.data;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import javax.imageio.ImageIO;

/** Folders of JPEG files that look like noise to a network and like photographs to a decoder: smooth shapes with grain. */
final class Photos {
    private Photos() {
    }

    static Path folder(Path root, int train, int test, int width, int height) throws IOException {
        for (String part : new String[] {"train", "test"}) {
            int count = part.equals("train") ? train : test;
            for (int i = 0; i < count; i++) {
                Path file = root.resolve(part).resolve("class" + i % 2).resolve("%06d.JPEG".formatted(i));
                Files.createDirectories(file.getParent());
                ImageIO.write(photo(part.length() * 100_003 + i, width + i % 7, height - i % 5), "jpg", file.toFile());
            }
        }
        return root;
    }

    static BufferedImage photo(int seed, int width, int height) {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Random random = new Random(seed);
        double[] wave = random.doubles(9, .005, .12).toArray();
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int grain = random.nextInt(48);
                int rgb = 0;
                for (int c = 0; c < 3; c++) {
                    rgb = rgb << 8 | (int) (100 + 50 * Math.sin(x * wave[c] + y * wave[c + 3]) + 40 * Math.cos(y * wave[c + 6])) + grain & 0xff;
                }
                image.setRGB(x, y, rgb);
            }
        }
        return image;
    }
}
