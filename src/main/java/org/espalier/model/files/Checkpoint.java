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
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.espalier.model.Weights;

/**
 * The weights in a file, and the texts that stand beside them (safetensors only; PyTorch's own formats have none). Which format it is, the
 * file's content says: safetensors, or what {@code torch.save} writes, as a zip archive or as it did before version 1.6.
 */
public record Checkpoint(Weights weights, Map<String, String> metadata) {
    static final String DAMAGED = "the file is cut short or damaged, get it again";
    static final String SAVE_AGAIN = "in PyTorch, save the weights alone: torch.save(model.state_dict(), file)";
    private static final long MAX_SIZE = 1L << 30;

    public Checkpoint {
        metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
    }

    /**
     * Reads float32, float64, float16 and bfloat16 tensors into floats. Nothing in the file is executed, and nothing is written to disk. A
     * state dict may lie in an entry ({@code state_dict}, {@code model}, ...) of a larger dict; the prefix {@code module.} and the counters
     * {@code num_batches_tracked} are left out.
     *
     * @throws IllegalArgumentException when the content is not one of these formats, is damaged, or holds anything but plain tensors
     * @throws UncheckedIOException when the file is missing or can't be read
     */
    public static Checkpoint read(Path file) {
        try {
            return readContent(file);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("cannot load " + file + ": " + e.getMessage(), e);
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
        Path target = file.toAbsolutePath();
        requireReplaceable(target);
        Path unfinished = target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID() + ".tmp");
        try {
            byte[] bytes = Safetensors.write(weights.tensors(), metadata);
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

    private static Checkpoint readContent(Path file) throws IOException {
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
        if (head.length == 9 && head[8] == '{') {
            return Safetensors.read(Files.readAllBytes(file));
        }
        if (head.length > 4 && head[0] == 'P' && head[1] == 'K') {
            return new Checkpoint(PyTorchZipFile.read(file, size), Map.of());
        }
        if (head.length > 2 && head[0] == (byte) 0x80 && head[1] <= 5) {
            return new Checkpoint(PyTorchLegacyFile.read(Files.readAllBytes(file)), Map.of());
        }
        String found = head.length == 0 ? "it is empty" : "it begins with the bytes " + HexFormat.of().withDelimiter(" ").formatHex(head);
        throw new IllegalArgumentException(found + "; expected was a safetensors file or one that torch.save wrote");
    }

    private static byte[] head(Path file) throws IOException {
        try (var in = Files.newInputStream(file)) {
            return in.readNBytes(9);
        }
    }
}
