package org.espalier.model;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
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

    /** How many tensors there are, and the first names. */
    String found() {
        String first = String.join(", ", shapes.keySet().stream().limit(5).map(Quoted::name).toList());
        return shapes.size() + " tensors" + (first.isEmpty() ? "" : ", first " + first);
    }
}
