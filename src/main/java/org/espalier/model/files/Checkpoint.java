package org.espalier.model.files;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.espalier.model.Network;
import org.espalier.model.Weights;

/**
 * The weights in a file, and the texts beside them: safetensors' metadata, and of PyTorch's files the plain values beside the state dict. Which
 * format it is, the file's content says: safetensors, or what {@code torch.save} writes, as a zip archive or as it did before version 1.6.
 */
public record Checkpoint(Weights weights, Map<String, String> metadata) {
    static final String DAMAGED = "the file is cut short or damaged, get it again";
    static final String SAVE_AGAIN = "in PyTorch, save the weights alone: torch.save(model.state_dict(), file)";
    private static final long MAX_SIZE = 1L << 30;

    public Checkpoint {
        metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
    }

    /** The weights of a file with only one state dict. */
    public static Checkpoint read(Path file) {
        return read(file, List.of());
    }

    /**
     * Reads float32, float64, float16 and bfloat16 tensors into floats. Nothing in the file is executed, and nothing is written to disk. The state
     * dict may lie anywhere in a larger object, whose other content doesn't matter. The prefixes of wrappers ({@code module.}, {@code
     * _orig_mod.}, {@code model.}) and counters such as {@code num_batches_tracked} are left out; pruning masks are applied.
     *
     * @param entry the keys that lead to the state dict, or the prefix of its names; empty where there is only one
     * @throws IllegalArgumentException when the content is not one of these formats, is damaged, holds no state dict or several, or has anything
     *                                  but plain tensors in it
     * @throws UncheckedIOException when the file is missing or can't be read
     */
    public static Checkpoint read(Path file, List<String> entry) {
        try {
            return readContent(file, entry);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("cannot load " + file + ": " + e.getMessage().replace("\"this file\"", "\"" + file + "\""), e);
        } catch (NoSuchFileException e) {
            throw new UncheckedIOException("there is no file " + file + " (looked for " + file.toAbsolutePath() + "); check the path", e);
        } catch (AccessDeniedException e) {
            throw new UncheckedIOException(file + " may not be read; check its permissions", e);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file + ": " + e.getMessage() + "; if it is a copy or a download, get it again", e);
        }
    }

    /**
     * Writes a safetensors file. One that is there is replaced in one step; when writing fails, it stays as it was.
     *
     * @throws UncheckedIOException when the file can't be written
     */
    public void write(Path file) {
        write(Safetensors.write(weights.tensors(), metadata), file);
    }

    /**
     * Writes a network as ONNX, in the same way.
     *
     * @param metadata texts that stand in the file beside it
     */
    public static void writeOnnx(Network network, Map<String, String> metadata, Path file) {
        write(OnnxFile.write(network, new TreeMap<>(metadata)), file);
    }

    private static void write(byte[] bytes, Path file) {
        Path target = file.toAbsolutePath();
        requireReplaceable(target);
        Path unfinished = target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID() + ".tmp");
        try {
            try {
                create(unfinished, bytes);
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

    private static void create(Path file, byte[] bytes) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            ByteBuffer left = ByteBuffer.wrap(bytes);
            while (left.hasRemaining()) {
                channel.write(left);
            }
            channel.force(true);
        }
    }

    private static Checkpoint readContent(Path file, List<String> entry) throws IOException {
        if (!Files.exists(file)) {
            throw new NoSuchFileException(file.toString());
        }
        if (!Files.isRegularFile(file)) {
            throw new IllegalArgumentException("it is a folder or a device, but a file with weights was expected");
        }
        long size = Files.size(file);
        if (size > MAX_SIZE) {
            throw new IllegalArgumentException("it has " + size + " bytes, more than the " + MAX_SIZE + " that are read at most; " + SAVE_AGAIN);
        }
        byte[] head = head(file);
        if (head.length > 8 && head[8] == '{' && !OtherContent.isText(Arrays.copyOf(head, 8))) {
            return Safetensors.read(Files.readAllBytes(file), entry);
        }
        if (head.length > 4 && head[0] == 'P' && head[1] == 'K') {
            return PyTorchZipFile.read(file, size, entry);
        }
        if (head.length > 2 && head[0] == (byte) 0x80 && head[1] <= 5) {
            return PyTorchLegacyFile.read(Files.readAllBytes(file), entry);
        }
        throw OtherContent.refusal(head);
    }

    /** Of what a PyTorch file's pickle holds. */
    static Checkpoint of(Object root, List<String> entry, StoredWeights.Source source) throws IOException {
        StateDicts.Place place = StateDicts.find(root, entry);
        return new Checkpoint(StoredWeights.of(place.dict(), source).read(), Beside.texts(place));
    }

    private static byte[] head(Path file) throws IOException {
        try (var in = Files.newInputStream(file)) {
            return in.readNBytes(OtherContent.HEAD);
        }
    }
}
