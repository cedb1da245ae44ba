package org.espalier.model;

import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.espalier.text.Quoted;

/** Names ResNets that have another structure than CIFAR's basic blocks with parameter-free shortcuts. */
final class OtherResNets {
    private static final Pattern BLOCK = Pattern.compile("(layer[1-9]\\.\\d{1,4})\\..*", Pattern.DOTALL);
    private static final String INSTEAD = "but only CIFAR ResNets of basic blocks (depth 6n+2, three stages, shortcuts without weights) can be loaded";

    private OtherResNets() {
    }

    /** @throws IllegalArgumentException when the tensors belong to such a network */
    static void refuse(Map<String, int[]> shapes) {
        Set<String> names = shapes.keySet();
        Set<String> blocks = names.stream().map(BLOCK::matcher).filter(Matcher::matches).map(match -> match.group(1)).collect(Collectors.toSet());
        boolean fourth = names.stream().anyMatch(name -> name.startsWith("layer4."));
        if (names.stream().anyMatch(name -> name.matches("layer\\d\\.\\d+\\.conv3\\.weight"))) {
            throw new IllegalArgumentException("it is a bottleneck ResNet of depth " + (3 * blocks.size() + 2) + " (blocks of three convolutions"
                    + (fourth ? ", four stages, as for ImageNet" : "") + "), " + INSTEAD);
        }
        if (fourth) {
            throw new IllegalArgumentException("it is a ResNet of depth " + (2 * blocks.size() + 2) + ": its tensor "
                    + first(names, "layer4.") + " belongs to a fourth stage, as ResNets for larger images have it, " + INSTEAD);
        }
        for (String word : new String[] {"downsample", "shortcut"}) {
            if (names.stream().anyMatch(name -> name.contains(word))) {
                throw new IllegalArgumentException("it is a ResNet of depth " + (2 * blocks.size() + 2) + " with projections: its tensor "
                        + first(names, word) + " belongs to a shortcut with weights (\"option B\"), " + INSTEAD);
            }
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
