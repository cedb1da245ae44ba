package org.espalier.model.loading;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.espalier.model.families.Shortcut;
import org.espalier.text.Quoted;

/**
 * What a file tells about the network that it holds.
 *
 * @param shapes   of its tensors, by the file's names without wrappers' prefixes
 * @param beside   texts that stand beside the weights, such as {@code cfg} and {@code epoch}
 * @param shortcut what the caller says
 */
record Clues(Map<String, int[]> shapes, Map<String, String> beside, Optional<Shortcut> shortcut) {

    boolean has(String name) {
        return shapes.containsKey(name);
    }

    /** @throws IllegalArgumentException when it is missing or has another number of axes */
    int[] shape(String name, int rank, String expected) {
        int[] shape = shapes.get(name);
        if (shape == null) {
            throw new IllegalArgumentException("it has no " + name + "; " + expected + ", found were " + found());
        }
        if (shape.length != rank) {
            throw new IllegalArgumentException("its " + name + " has the shape " + Arrays.toString(shape) + ", but " + rank + " axes were expected");
        }
        return shape;
    }

    /** How many of the numbers 0, 1, 2 ... stand behind this beginning, without a gap; by any tensor, so that one that is missing is missed by its name. */
    int numbered(String beginning) {
        Pattern number = Pattern.compile(Pattern.quote(beginning) + "(0|[1-9]\\d{0,3})\\..*", Pattern.DOTALL);
        Set<Integer> numbers = shapes.keySet().stream().map(number::matcher).filter(Matcher::matches).map(match -> Integer.parseInt(match.group(1)))
                .collect(Collectors.toSet());
        int count = 0;
        while (numbers.contains(count)) {
            count++;
        }
        return count;
    }

    /** The last linear layer's name: the usual ones first, then whatever the only matrix is called, else the first of the usual ones. */
    String head(String... usual) {
        for (String name : usual) {
            if (has(name + ".weight")) {
                return name;
            }
        }
        List<String> matrices = shapes.entrySet().stream().filter(tensor -> tensor.getKey().endsWith(".weight") && tensor.getValue().length == 2)
                .map(tensor -> tensor.getKey().substring(0, tensor.getKey().length() - ".weight".length())).toList();
        return matrices.size() == 1 ? matrices.get(0) : usual[0];
    }

    /** How many tensors there are, and the first names. */
    String found() {
        String first = String.join(", ", shapes.keySet().stream().limit(5).map(Quoted::name).toList());
        return shapes.size() + " tensors" + (first.isEmpty() ? "" : ", first " + first);
    }
}
