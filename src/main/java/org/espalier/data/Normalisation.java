package org.espalier.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What a network sees of a pixel of channel c: {@code (pixel / 255 - mean[c]) / std[c]}, in 32-bit floats and in that order, as torchvision's
 * {@code ToTensor} and {@code Normalize} compute it.
 */
public record Normalisation(List<Float> mean, List<Float> std) {

    /** The constants of the paper's CIFAR-10 and CIFAR-100 training. */
    public static final Normalisation CIFAR10 = new Normalisation(List.of(.4914f, .4822f, .4465f), List.of(.2023f, .1994f, .2010f));

    /** The constants of ImageNet, which many public CIFAR-10 checkpoints were trained with, too. */
    public static final Normalisation IMAGENET = new Normalisation(List.of(.485f, .456f, .406f), List.of(.229f, .224f, .225f));

    /** Measured over the 60,000 training images. */
    public static final Normalisation FASHION_MNIST = new Normalisation(List.of(.2860f), List.of(.3530f));

    /** @throws IllegalArgumentException for lists of different length, or numbers that can't normalise */
    public Normalisation {
        mean = List.copyOf(mean);
        std = List.copyOf(std);
        if (mean.isEmpty() || mean.size() != std.size()) {
            throw new IllegalArgumentException("mean and std need one number per channel each, but are " + mean + " and " + std);
        }
        if (!mean.stream().allMatch(Float::isFinite) || !std.stream().allMatch(s -> Float.isFinite(s) && s > 0)) {
            throw new IllegalArgumentException("mean has to be finite and std finite and above 0, not " + mean + " and " + std);
        }
    }

    /** Mean and standard deviation over all pixels of these images, per channel. A channel of one single value gets the deviation 1. */
    public static Normalisation of(Split images) {
        if (images.size() == 0) {
            throw new IllegalArgumentException("no normalisation can be measured on no images");
        }
        int channels = images.channels();
        long[][] histogram = new long[channels][256];
        for (int i = 0; i < images.size(); i++) {
            byte[] image = images.image(i);
            for (int p = 0; p < image.length; p += channels) {
                for (int c = 0; c < channels; c++) {
                    histogram[c][image[p + c] & 0xff]++;
                }
            }
        }
        List<Float> mean = new ArrayList<>();
        List<Float> std = new ArrayList<>();
        for (long[] counts : histogram) {
            double n = 0;
            double sum = 0;
            double squares = 0;
            for (int v = 0; v < 256; v++) {
                n += counts[v];
                sum += counts[v] * (v / 255.);
                squares += counts[v] * (v / 255.) * (v / 255.);
            }
            double variance = squares / n - sum / n * (sum / n);
            mean.add((float) (sum / n));
            std.add(variance > 1e-12 ? (float) Math.sqrt(variance) : 1f);
        }
        return new Normalisation(mean, std);
    }

    public int channels() {
        return mean.size();
    }

    /** Canonical: {@code mean:std}, channels separated by commas. */
    public String text() {
        return join(mean) + ":" + join(std);
    }

    /** What {@link #text()} wrote. @throws IllegalArgumentException for anything else */
    public static Normalisation of(String text) {
        String[] halves = text.split(":", 2);
        if (halves.length != 2) {
            throw new IllegalArgumentException("'" + text + "' is no normalisation; one has means and deviations, such as 0.5,0.5,0.5:0.25,0.25,0.25");
        }
        return new Normalisation(numbers(halves[0]), numbers(halves[1]));
    }

    private static List<Float> numbers(String text) {
        return Arrays.stream(text.split(",")).map(Float::valueOf).toList();
    }

    private static String join(List<Float> numbers) {
        return String.join(",", numbers.stream().map(String::valueOf).toList());
    }
}
