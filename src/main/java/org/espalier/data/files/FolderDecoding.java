package org.espalier.data.files;

import org.espalier.text.Sha256;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

/** All images of a folder, decoded on all cores. {@code scaled} is the size to scale them to; without it all have to be of the first one's size. */
public record FolderDecoding(FolderListing listing, Optional<ImageDecoder.Size> scaled, ProgressListener progress) {
    private static final int AT_ONCE = 128;
    private static final long MAX_FILE = 1L << 28;

    /** Where decoded pixels go; several threads hand them over. The index runs over the parts in their order. */
    @FunctionalInterface
    public interface Sink {
        void put(long index, byte[] pixels) throws IOException;
    }

    public ImageDecoder.Size size() {
        Path first = listing.parts().get(0).files().get(0).path();
        try (ImageDecoder decoder = new ImageDecoder()) {
            return scaled.orElseGet(() -> decoder.sizeOf(first, bytes(first)));
        }
    }

    /**
     * Hands every image to the sink and gives the dataset's name, which depends on the content of the files, on their order and classes, and
     * on the size that they are scaled to, but not on where they lie or on what they are called.
     *
     * @throws IOException only from the sink; a file that can't be read or decoded is an unchecked exception that names it
     */
    public String run(Sink sink) throws IOException {
        ImageDecoder.Size size = size();
        listing.parts().forEach(part -> part.bytes(size));
        List<Path> files = listing.parts().stream().flatMap(part -> part.files().stream()).map(FolderListing.Image::path).toList();
        byte[][] digests = new byte[files.size()][];
        AtomicLong done = new AtomicLong();
        String what = "decoding the images of " + listing.root();
        ExecutorService threads = Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
        try {
            List<Future<?>> pieces = new ArrayList<>();
            for (int from = 0; from < files.size(); from += AT_ONCE) {
                int start = from;
                int end = Math.min(from + AT_ONCE, files.size());
                pieces.add(threads.submit(() -> {
                    try (ImageDecoder decoder = new ImageDecoder()) {
                        for (int i = start; i < end && !Thread.currentThread().isInterrupted(); i++) {
                            byte[] encoded = bytes(files.get(i));
                            digests[i] = Sha256.digest().digest(encoded);
                            sink.put(i, decoded(decoder, files.get(i), encoded, size));
                            progress.progressed(what, done.incrementAndGet(), files.size());
                        }
                    }
                    return null;
                }));
            }
            for (Future<?> piece : pieces) {
                await(piece);
            }
        } finally {
            threads.shutdownNow();
        }
        return name(digests);
    }

    private byte[] decoded(ImageDecoder decoder, Path file, byte[] encoded, ImageDecoder.Size size) {
        return scaled.isPresent() ? decoder.decodeScaled(file, encoded, size) : decoder.decode(file, encoded, size);
    }

    private void await(Future<?> piece) throws IOException {
        try {
            piece.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UncheckedIOException(new InterruptedIOException("interrupted while decoding the images of " + listing.root()));
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException fromSink) {
                throw fromSink;
            }
            if (e.getCause() instanceof RuntimeException wrongFile) {
                throw wrongFile;
            }
            throw new IllegalStateException("decoding the images of " + listing.root() + " failed", e.getCause());
        }
    }

    private String name(byte[][] digests) {
        MessageDigest digest = Sha256.digest();
        digest.update(String.join("\n", listing.classes()).getBytes(StandardCharsets.UTF_8));
        for (int i = 0, p = 0; p < listing.parts().size(); p++) {
            FolderListing.Part part = listing.parts().get(p);
            for (FolderListing.Image file : part.files()) {
                digest.update((part.folder() + file.label()).getBytes(StandardCharsets.UTF_8));
                digest.update(digests[i++]);
            }
        }
        return "folder:" + Sha256.hex(digest.digest()).substring(0, 16) + scaled.map(size -> "@" + size).orElse("");
    }

    public static byte[] bytes(Path file) {
        try {
            if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) || Files.size(file) > MAX_FILE) {
                throw new IOException("it is no regular file of at most " + MAX_FILE + " bytes any more");
            }
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the image " + file + " (" + e + ")", e);
        }
    }
}
