package org.espalier.data;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.espalier.data.files.CacheFolder;
import org.espalier.data.files.FolderDecoding;
import org.espalier.data.files.FolderListing;
import org.espalier.data.files.ImageDecoder.Size;
import org.espalier.data.files.PixelCache;
import org.espalier.data.files.PixelCache.Pixels;
import org.espalier.text.Sha256;
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
        return dataset(listing, cache.read(listing).orElseGet(() -> decode(decoding, folder, place, cache)));
    }

    private static Dataset dataset(FolderListing listing, Pixels pixels) {
        List<Images> parts = IntStream.range(0, pixels.parts().size()).mapToObj(part -> images(listing, part, pixels.parts().get(part), pixels.size())).toList();
        int last = parts.size() - 1;
        return new Dataset(pixels.name(), parts.get(0), last == 2 ? Optional.of(parts.get(1)) : Optional.empty(), parts.get(last),
                Normalisation.of(pixels.measured()));
    }

    private static Images images(FolderListing listing, int part, ByteBuffer pixels, Size size) {
        int[] labels = listing.parts().get(part).files().stream().mapToInt(FolderListing.Image::label).toArray();
        return Images.of(pixels, labels, size.height(), size.width(), 3, listing.classes());
    }

    private static String normalisation(FolderListing listing, ByteBuffer train, Size size) {
        return Normalisation.of(images(listing, 0, train, size)).text();
    }

    private static Pixels decode(FolderDecoding decoding, CacheFolder folder, String place, PixelCache cache) {
        try {
            return folder.alone(place, () -> {
                Optional<Pixels> byAnother = cache.read(decoding.listing());
                if (byAnother.isPresent()) {
                    return byAnother.get();
                }
                cache.write(decoding, (train, size) -> normalisation(decoding.listing(), train, size));
                return cache.read(decoding.listing()).orElseThrow(() -> new IOException(cache.file() + " was written, but can't be read"));
            });
        } catch (InterruptedIOException e) {
            throw new UncheckedIOException(e);
        } catch (IOException e) {
            LOG.warn("The decoded images are not kept, so the next start has to decode them again: {}", e.getMessage());
            return inMemory(decoding);
        }
    }

    private static Pixels inMemory(FolderDecoding decoding) {
        FolderListing listing = decoding.listing();
        Size size = decoding.size();
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
            return new Pixels(name, size, normalisation(listing, parts.get(0), size), parts);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
