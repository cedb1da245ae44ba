package org.espalier.data;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A folder of images as a dataset: from the cache where that has the folder's present state, else decoded, and cached if possible. */
final class ImageFolder {
    private static final Logger LOG = LoggerFactory.getLogger(ImageFolder.class);

    private ImageFolder() {
    }

    static Dataset load(FolderDecoding decoding, CacheFolder folder) {
        FolderListing listing = decoding.listing();
        String scaled = decoding.scaled().map(size -> "@" + size).orElse("");
        String place = "folder-" + Sha256.of((listing.root() + scaled).getBytes(StandardCharsets.UTF_8)).substring(0, 16);
        PixelCache cache = new PixelCache(folder.path().resolve(place + ".images"), listing.fingerprint() + scaled);
        return cache.read(listing).orElseGet(() -> decode(decoding, folder, place, cache));
    }

    private static Dataset decode(FolderDecoding decoding, CacheFolder folder, String place, PixelCache cache) {
        try {
            return folder.alone(place, () -> {
                Optional<Dataset> byAnother = cache.read(decoding.listing());
                if (byAnother.isPresent()) {
                    return byAnother.get();
                }
                cache.write(decoding);
                return cache.read(decoding.listing()).orElseThrow(() -> new IOException(cache.file() + " was written, but can't be read"));
            });
        } catch (InterruptedIOException e) {
            throw new UncheckedIOException(e);
        } catch (IOException e) {
            LOG.warn("The decoded images are not kept, so the next start has to decode them again: {}", e.getMessage());
            return inMemory(decoding);
        }
    }

    private static Dataset inMemory(FolderDecoding decoding) {
        FolderListing listing = decoding.listing();
        ImageDecoder.Size size = decoding.size();
        int bytes = 3 * size.height() * size.width();
        List<ByteBuffer> parts = listing.parts().stream().map(part -> ByteBuffer.allocateDirect((int) part.bytes(size))).toList();
        try {
            String name = decoding.run((index, pixels) -> {
                long left = index;
                for (ByteBuffer part : parts) {
                    if (left < part.capacity() / bytes) {
                        part.put((int) left * bytes, pixels);
                        return;
                    }
                    left -= part.capacity() / bytes;
                }
            });
            return listing.dataset(name, size, Normalisation.of(listing.images(0, size, parts.get(0))), parts);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
