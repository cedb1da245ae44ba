package org.espalier.model;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

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
            throw new IllegalArgumentException("cannot load a network from " + file + ": " + e.getMessage(), e);
        }
    }

    /**
     * Writes a safetensors file whose tensors PyTorch's {@code load_state_dict} takes as they are, with the architecture's text in its
     * metadata. A file that is there is replaced in one step; when writing fails, it stays as it was.
     *
     * @throws UncheckedIOException when the file can't be written
     */
    public static void save(Network network, Path file) {
        Path target = file.toAbsolutePath();
        requireReplaceable(target);
        Path unfinished = target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID() + ".tmp");
        try {
            byte[] bytes = Safetensors.write(inOrder(network).weights().tensors(),
                    Map.of(ARCHITECTURE, network.architecture().text(), "format", "pt"));
            try {
                write(bytes, unfinished);
                Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(unfinished);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot save " + file + " (" + e
                    + "); what was there before is unchanged. Is there room, and may you write there?", e);
        }
    }

    private static void requireReplaceable(Path target) {
        if (Files.isDirectory(target)) {
            throw new UncheckedIOException(target + " is a folder; give the name of a file in it", new FileAlreadyExistsException(target.toString()));
        }
        if (!Files.isDirectory(target.getParent())) {
            throw new UncheckedIOException("cannot save " + target + ": its folder doesn't exist; create it first",
                    new NoSuchFileException(target.getParent().toString()));
        }
    }

    private static void write(byte[] bytes, Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            ByteBuffer left = ByteBuffer.wrap(bytes);
            while (left.hasRemaining()) {
                channel.write(left);
            }
            channel.force(true);
        }
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
