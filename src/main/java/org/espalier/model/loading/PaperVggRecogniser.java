package org.espalier.model.loading;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.espalier.model.Names;
import org.espalier.model.families.Vgg;

/**
 * Recognises the paper's VGG-16, by the authors' names ({@code feature.0} to {@code feature.41}, {@code classifier.0}, {@code .1}, {@code .3}) or by
 * ours. Its convolutions have no biases, and before the classifier stands a hidden layer with batch norm; the VGGs of others have it otherwise.
 */
final class PaperVggRecogniser {
    private static final String EXPECTED = "expected was the paper's VGG-16";
    private static final List<String> NORM = List.of("weight", "bias", "running_mean", "running_var");
    /** The places of the convolutions among convolutions, norms, ReLUs and max pools. */
    private static final int[] PLACES = {0, 3, 7, 10, 14, 17, 20, 24, 27, 30, 34, 37, 40};

    private PaperVggRecogniser() {
    }

    static Optional<Recognised> recognise(Clues clues) {
        boolean ours = clues.has("conv13.weight") && clues.has("hidden_bn.weight");
        List<String> features = List.of("feature", "features").stream().filter(name -> clues.has(name + ".40.weight")
                && !clues.has(name + ".40.bias") && clues.has("classifier.3.weight") && clues.has("classifier.1.running_mean")).toList();
        if (!ours && features.isEmpty()) {
            return Optional.empty();
        }
        Map<String, String> layers = new LinkedHashMap<>();
        for (int i = 0; i < PLACES.length; i++) {
            layers.put("conv" + (i + 1), ours ? "conv" + (i + 1) : features.get(0) + "." + PLACES[i]);
            layers.put("bn" + (i + 1), ours ? "bn" + (i + 1) : features.get(0) + "." + (PLACES[i] + 1));
        }
        layers.put("hidden", ours ? "hidden" : "classifier.0");
        layers.put("hidden_bn", ours ? "hidden_bn" : "classifier.1");
        layers.put("linear", ours ? "linear" : "classifier.3");
        List<Integer> widths = new ArrayList<>(IntStream.rangeClosed(1, PLACES.length)
                .mapToObj(i -> clues.shape(layers.get("conv" + i) + ".weight", 4, EXPECTED)[0]).toList());
        Map<String, String> names = new LinkedHashMap<>();
        layers.forEach((own, name) -> NORM.forEach(part -> names.put(own + "." + part, name + "." + part)));
        int channels = clues.shape(layers.get("conv1") + ".weight", 4, EXPECTED)[1];
        int classes = clues.shape(layers.get("linear") + ".weight", 2, EXPECTED)[0];
        return Optional.of(new Recognised(new Vgg(widths, channels, classes), new Names(names), Optional.empty()));
    }
}
