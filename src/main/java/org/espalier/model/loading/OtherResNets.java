package org.espalier.model.loading;

import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.espalier.text.Quoted;

/** Names ResNets of structures that no network here has. */
final class OtherResNets {
    private static final Pattern BLOCK = Pattern.compile("(layer[1-9]\\.\\d{1,4})\\..*", Pattern.DOTALL);
    private static final String INSTEAD = "but of ResNets only those of torchvision (18, 34, 50, 101, 152) and CIFAR's can be loaded: "
            + "three stages of n basic blocks or bottlenecks each, with a norm behind each convolution, or of n pre-activation bottlenecks";

    private OtherResNets() {
    }

    /** @throws IllegalArgumentException when the tensors belong to such a network */
    static void refuse(Map<String, int[]> shapes) {
        Set<String> names = shapes.keySet();
        Set<String> blocks = names.stream().map(BLOCK::matcher).filter(Matcher::matches).map(match -> match.group(1)).collect(Collectors.toSet());
        boolean fourth = names.stream().anyMatch(name -> name.startsWith("layer4."));
        if (names.stream().anyMatch(name -> name.matches("layer\\d\\.\\d+\\.conv3\\.weight"))) {
            throw new IllegalArgumentException("it is a bottleneck ResNet of depth " + (3 * blocks.size() + 2) + " (blocks of three convolutions"
                    + (fourth ? ", four stages, as for ImageNet" : "") + (names.stream().anyMatch(name -> name.endsWith("running_mean")) ? "" : ", no norms")
                    + "), " + INSTEAD);
        }
        if (fourth) {
            throw new IllegalArgumentException("it is a ResNet of depth " + (2 * blocks.size() + 2) + ": its tensor "
                    + first(names, "layer4.") + " belongs to a fourth stage, as ResNets for larger images have it, " + INSTEAD);
        }
        if (!names.contains("bn1.weight") && names.contains("bn.weight")) {
            throw new IllegalArgumentException("it is a pre-activation ResNet of depth " + (2 * blocks.size() + 2)
                    + " (batch norm before each convolution, 'bn' at the end), " + INSTEAD);
        }
    }

    private static String first(Set<String> names, String word) {
        return Quoted.name(names.stream().filter(name -> name.contains(word)).findFirst().orElse(word));
    }
}
