package org.espalier.study.sweep;

import java.util.List;
import java.util.Map;
import org.espalier.data.DatasetRegistry;

/** How many training images a data set has: counted where it lies in a folder that is at hand, else as far as its name says. */
public final class TrainingImages {
    /** Of the official sets; a stream is taken for ImageNet. */
    private static final Map<String, Long> OFFICIAL = Map.of("cifar10", 50_000L, "cifar100", 50_000L, "fashion-mnist", 60_000L, "fashion-mnist-sample", 2_000L,
            "stream", 1_281_167L);

    private TrainingImages() {
    }

    /** @throws IllegalArgumentException when neither folder nor name says it */
    public static long of(String name, int classes, DatasetRegistry registry) {
        List<String> steps = List.of(name.split("/"));
        String word = steps.get(0).split("[:@]")[0];
        if (steps.get(0).contains(":") && !registry.folders().isEmpty()) {
            try {
                return registry.dataset(name).train().size();
            } catch (IllegalArgumentException e) {
                // It lies in none of these folders: the name may be enough.
            }
        }
        Long images = OFFICIAL.get(word);
        for (String step : steps.subList(1, steps.size())) {
            if (step.startsWith("take=")) {
                images = Long.parseLong(step.substring(5).split(",")[0]) * classes;
            } else if (step.startsWith("validation=") && images != null) {
                images = Math.round(images * (1 - Double.parseDouble(step.substring(11).split("@")[0])));
            }
        }
        if (images == null) {
            throw new IllegalArgumentException("the name " + name + " doesn't say how many training images there are; name the folder with --data");
        }
        return images;
    }
}
