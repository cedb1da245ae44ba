package org.espalier.data.files;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.zip.CRC32C;

/**
 * The decoded images of a folder as one raw file, which is mapped and not read: all processes of a machine share its pages. The first page holds a
 * mark, a checksum over all that follows it, and a few lines of text; then come the pixels, one part after the other. The key says which state
 * of the folder the file is for.
 */
public record PixelCache(Path file, String key) {
    /** The decoded images: the dataset's name, what was measured of the training images, and the pixels of each part. */
    public record Pixels(String name, ImageDecoder.Size size, String measured, List<ByteBuffer> parts) {
    }

    private static final long MARK = 0x4553_5041_4c49_4531L;
    private static final int PAGE = 4096;
    private static final int CHECKED_FROM = 16;

    /** The images, if the file is there, for this state of the folder, whole and undamaged; nothing is said otherwise. */
    public Optional<Pixels> read(FolderListing listing) {
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer head = channel.map(MapMode.READ_ONLY, 0, PAGE);
            if (head.getLong() != MARK) {
                return Optional.empty();
            }
            long checksum = head.getLong();
            int length = head.getInt();
            String[] lines = StandardCharsets.UTF_8.decode(head.slice(head.position(), length)).toString().split("\n");
            if (!lines[0].equals(key)) {
                return Optional.empty();
            }
            ImageDecoder.Size size = new ImageDecoder.Size(Integer.parseInt(lines[2]), Integer.parseInt(lines[3]));
            List<ByteBuffer> parts = map(channel, listing, size);
            return checksum == checksum(channel) ? Optional.of(new Pixels(lines[1], size, lines[4], parts)) : Optional.empty();
        } catch (IOException | IllegalArgumentException | IndexOutOfBoundsException | BufferUnderflowException damaged) {
            return Optional.empty();
        }
    }

    /**
     * Decodes into a neighbour of the file, and moves that to its place when it is whole. The caller holds a lock.
     *
     * @param measure what is kept beside the pixels, of the training part's pixels and their size
     * @throws IOException when the file can't be written; what is wrong with the images comes unchecked
     */
    public void write(FolderDecoding decoding, BiFunction<ByteBuffer, ImageDecoder.Size, String> measure) throws IOException {
        Path part = file.resolveSibling(file.getFileName() + ".part");
        try {
            try (FileChannel channel = FileChannel.open(part, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING,
                    StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                ImageDecoder.Size size = decoding.size();
                long bytes = 3L * size.height() * size.width();
                String content = decoding.run((index, pixels) -> writeFully(channel, ByteBuffer.wrap(pixels), PAGE + index * bytes));
                String measured = measure.apply(map(channel, decoding.listing(), size).get(0), size);
                String text = String.join("\n", key, content, "" + size.height(), "" + size.width(), measured);
                byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
                ByteBuffer head = ByteBuffer.allocate(PAGE).putLong(MARK).putLong(0).putInt(encoded.length).put(encoded);
                writeFully(channel, head.rewind(), 0);
                writeFully(channel, ByteBuffer.allocate(Long.BYTES).putLong(checksum(channel)).flip(), Long.BYTES);
            }
            Download.move(part, file);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private static void writeFully(FileChannel channel, ByteBuffer bytes, long position) throws IOException {
        long at = position;
        while (bytes.hasRemaining()) {
            at += channel.write(bytes, at);
        }
    }

    /** @throws IOException when the file hasn't exactly the length that the listing needs */
    private static List<ByteBuffer> map(FileChannel channel, FolderListing listing, ImageDecoder.Size size) throws IOException {
        List<ByteBuffer> parts = new ArrayList<>();
        long at = PAGE;
        for (FolderListing.Part part : listing.parts()) {
            long bytes = part.bytes(size);
            if (at + bytes > channel.size()) {
                throw new IOException("truncated");
            }
            parts.add(channel.map(MapMode.READ_ONLY, at, bytes));
            at += bytes;
        }
        if (at != channel.size()) {
            throw new IOException("too long");
        }
        return parts;
    }

    private static long checksum(FileChannel channel) throws IOException {
        CRC32C checksum = new CRC32C();
        long window = 1L << 30;
        for (long at = CHECKED_FROM; at < channel.size(); at += window) {
            checksum.update(channel.map(MapMode.READ_ONLY, at, Math.min(window, channel.size() - at)));
        }
        return checksum.getValue();
    }
}
