package org.espalier.model;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.espalier.model.files.Checkpoint;

/** Networks from files and into files. */
public final class Networks {
    private static final String ARCHITECTURE = "architecture";
    private static final int MAX_TEXT = 4096;

    private Networks() {
    }

    /**
     * The network in a file of any format that {@link Checkpoint#read} knows. Files of ours say their architecture; of others it is read off
     * the tensors' names and shapes, which works for CIFAR ResNets, dense or pruned, with {@link Shortcut#SUBSAMPLE} assumed.
     *
     * @throws IllegalArgumentException when the file is damaged, hostile, or holds the weights of another kind of network
     * @throws UncheckedIOException     when the file is missing or can't be read
     */
    public static Network load(Path file) {
        Checkpoint checkpoint = Checkpoint.read(file);
        try {
            String text = checkpoint.metadata().get(ARCHITECTURE);
            return inOrder(text == null ? ResNetReader.network(checkpoint.weights()) : new Network(architecture(text), checkpoint.weights()));
        } catch (IllegalArgumentException e) {
            // The message may quote the file, which may hold anything.
            String why = String.valueOf(e.getMessage()).replaceAll("\\p{C}", "?");
            throw new IllegalArgumentException("cannot load a network from " + file + ": " + (why.length() > 1000 ? why.substring(0, 1000) + "..." : why), e);
        }
    }

    /**
     * Writes a safetensors file whose tensors PyTorch's {@code load_state_dict} takes as they are, with the architecture's text in its
     * metadata. A file that is there is replaced in one step; when writing fails, it stays as it was.
     *
     * @throws UncheckedIOException when the file can't be written
     */
    public static void save(Network network, Path file) {
        new Checkpoint(inOrder(network).weights(), Map.of(ARCHITECTURE, network.architecture().text(), "format", "pt")).write(file);
    }

    private static Architecture architecture(String text) {
        if (text.length() > MAX_TEXT) {
            throw new IllegalArgumentException("its architecture is described in " + text.length() + " characters; " + MAX_TEXT + " are the most");
        }
        return Architecture.parse(text);
    }

    private static Network inOrder(Network network) {
        Map<String, Tensor> ordered = new LinkedHashMap<>();
        network.architecture().shapes().keySet().forEach(name -> ordered.put(name, network.weights().get(name)));
        return new Network(network.architecture(), new Weights(ordered));
    }
}
