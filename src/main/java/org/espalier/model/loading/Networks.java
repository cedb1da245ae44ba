package org.espalier.model.loading;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.espalier.model.Architecture;
import org.espalier.model.Names;
import org.espalier.model.Network;
import org.espalier.model.Tensor;
import org.espalier.model.Weights;
import org.espalier.model.channels.Kept;
import org.espalier.model.families.CifarResNet;
import org.espalier.model.files.Checkpoint;
import org.espalier.text.Quoted;

/** Networks from files and into files. */
public final class Networks {
    private static final String ARCHITECTURE = "architecture";
    private static final String NAMES = "names";
    private static final String KEPT = "kept";
    private static final int MAX_TEXT = 4096;

    private Networks() {
    }

    /** Loads the only network of a file; see {@link #load(Path, LoadOptions)}. */
    public static Network load(Path file) {
        return load(file, LoadOptions.none());
    }

    /**
     * Loads the network in a file of any format that {@link Checkpoint#read} knows. Files of ours say their architecture; of others it is read off
     * the tensors' names and shapes. What no file tells and the caller doesn't say is assumed, and said on the error stream.
     *
     * @throws IllegalArgumentException when the file is damaged, hostile, holds the weights of another kind of network, several of them, or
     *                                  weights that are no numbers
     * @throws UncheckedIOException     when the file is missing or can't be read
     */
    public static Network load(Path file, LoadOptions options) {
        Checkpoint checkpoint = Checkpoint.read(file, options.entry());
        try {
            Recognised found = recognised(checkpoint, options);
            Network network = named(found, checkpoint.weights());
            if (checkpoint.metadata().containsKey(KEPT)) {
                network = network.with(Metadata.kept(checkpoint.metadata().get(KEPT), network.architecture()));
            }
            requireFinite(network);
            found.assumed().ifPresent(line -> System.err.println(file.getFileName() + ": " + line));
            return network;
        } catch (IllegalArgumentException e) {
            // The message may quote the file, which may hold anything.
            String why = String.valueOf(e.getMessage()).replaceAll("\\p{C}", "?");
            throw new IllegalArgumentException("cannot load a network from " + file + ": " + (why.length() > 1000 ? why.substring(0, 1000) + "..." : why), e);
        }
    }

    /**
     * Writes a safetensors file whose tensors PyTorch's {@code load_state_dict} takes as they are, by the names that the network was loaded with,
     * and with the architecture's text in its metadata. Where the file's name ends in {@code .onnx} it is ONNX instead, by the architecture's own
     * names, which other programs run and which isn't read back. A file that is there is replaced in one step; when writing fails, it stays as it was.
     *
     * @throws UncheckedIOException when the file can't be written
     */
    public static void save(Network network, Path file) {
        Map<String, String> metadata = new LinkedHashMap<>(Map.of(ARCHITECTURE, network.architecture().text()));
        if (!network.kept().equals(Kept.ALL)) {
            metadata.put(KEPT, Metadata.text(network.kept()));
        }
        if (file.toString().endsWith(".onnx")) {
            Checkpoint.writeOnnx(network, metadata, file);
            return;
        }
        Names names = network.names();
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        network.architecture().shapes().keySet().forEach(name -> tensors.put(names.of(name), network.weights().get(name)));
        if (tensors.size() < network.weights().tensors().size()) {
            throw new IllegalArgumentException("two tensors of " + network + " would get the same name in " + file + "; save "
                    + "network.with(Names.OWN) instead");
        }
        metadata.put("format", "pt");
        if (!names.foreign().isEmpty()) {
            metadata.put(NAMES, Metadata.text(names));
        }
        new Checkpoint(new Weights(tensors), metadata).write(file);
    }

    private static Recognised recognised(Checkpoint checkpoint, LoadOptions options) {
        Map<String, int[]> shapes = new LinkedHashMap<>();
        checkpoint.weights().tensors().forEach((name, tensor) -> shapes.put(name, tensor.shape()));
        Clues clues = new Clues(shapes, checkpoint.metadata(), options.shortcut());
        String text = checkpoint.metadata().get(ARCHITECTURE);
        Optional<Architecture> told = text == null ? Optional.empty() : told(text, shapes);
        if (told.isEmpty()) {
            Recognised found = Recognition.of(clues);
            requireShortcuts(found.architecture(), options);
            return found;
        }
        requireAgreement(told.get(), options);
        Names names = Optional.ofNullable(checkpoint.metadata().get(NAMES)).flatMap(Metadata::names).orElse(Names.OWN);
        if (told.get().shapes().keySet().stream().map(names::of).allMatch(shapes::containsKey)) {
            return new Recognised(told.get(), names, Optional.empty());
        }
        // Someone renamed its tensors, or it lacks some.
        Names recognised = shapes.keySet().equals(told.get().shapes().keySet()) ? Names.OWN : Recognition.of(clues).names();
        return new Recognised(told.get(), recognised, Optional.empty());
    }

    /** What a file of ours says, or nothing where another tool wrote something else there, for which the shapes speak. */
    private static Optional<Architecture> told(String text, Map<String, int[]> shapes) {
        if (text.length() > MAX_TEXT) {
            throw new IllegalArgumentException("its architecture is described in " + text.length() + " characters; " + MAX_TEXT + " are the most");
        }
        boolean ours = text.startsWith("cifar-resnet-") || text.contains("=");
        try {
            Architecture architecture = Architecture.parse(text);
            return ours || architecture.shapes().size() == shapes.size() ? Optional.of(architecture) : Optional.empty();
        } catch (IllegalArgumentException e) {
            if (ours) {
                throw e;
            }
            return Optional.empty();
        }
    }

    private static void requireShortcuts(Architecture architecture, LoadOptions options) {
        if (options.shortcut().isPresent() && !(architecture instanceof CifarResNet)) {
            throw new IllegalArgumentException("it holds " + architecture.text() + ", which has no shortcuts without weights; load it without one");
        }
    }

    private static void requireAgreement(Architecture told, LoadOptions options) {
        requireShortcuts(told, options);
        if (options.shortcut().isPresent() && ((CifarResNet) told).shortcut() != options.shortcut().get()) {
            throw new IllegalArgumentException("it says itself that it holds " + told.text() + ", with Shortcut." + ((CifarResNet) told).shortcut()
                    + ", not Shortcut." + options.shortcut().get() + "; load it without one");
        }
    }

    /** With the tensors by the architecture's names and in its order. */
    private static Network named(Recognised found, Weights weights) {
        Map<String, Tensor> left = new LinkedHashMap<>(weights.tensors());
        Map<String, Tensor> ordered = new LinkedHashMap<>();
        found.architecture().shapes().keySet().forEach(name -> {
            Tensor tensor = left.remove(found.names().of(name));
            if (tensor != null) {
                ordered.put(name, tensor);
            }
        });
        left.forEach((name, tensor) -> {
            if (ordered.putIfAbsent(name, tensor) != null) {
                throw new IllegalArgumentException("it has two tensors for " + Quoted.name(name));
            }
        });
        return new Network(found.architecture(), new Weights(ordered), found.names());
    }

    /** @throws IllegalArgumentException naming the first tensor with a NaN or an infinity in it */
    private static void requireFinite(Network network) {
        network.weights().tensors().forEach((name, tensor) -> {
            int count = 0;
            int first = -1;
            for (int i = 0; i < tensor.size(); i++) {
                if (!Float.isFinite(tensor.at(i))) {
                    first = count++ == 0 ? i : first;
                }
            }
            if (count > 0) {
                throw new IllegalArgumentException(count + " of the " + tensor.size() + " values of its tensor " + Quoted.name(network.names().of(name))
                        + " are no finite numbers (the first is " + tensor.at(first) + "): the training that saved it had diverged, or the file is "
                        + "damaged; take an earlier checkpoint");
            }
        });
    }
}
