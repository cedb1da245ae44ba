package org.espalier.data;

import ai.djl.ndarray.NDManager;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.espalier.data.files.FolderDecoding;
import org.espalier.data.files.FolderListing;
import org.espalier.data.files.ImageDecoder;
import org.espalier.data.files.ResizedCrop;

/**
 * Labelled image files of any size, of which a network sees squares of {@code side} pixels in three channels. Nothing but their names is held.
 */
record ImageFiles(List<FolderListing.Image> files, List<String> classes, int side) implements Split {
    private static final int LARGEST = 4096;

    ImageFiles {
        files = List.copyOf(files);
        classes = List.copyOf(classes);
        if (side < 1 || side > LARGEST) {
            throw new IllegalArgumentException("images have sides of 1 to " + LARGEST + " pixels, not " + side);
        }
    }

    /** The name says which files there are and how long they are: reading them all would take hours where they are many. */
    static Dataset dataset(FolderListing listing, int side) {
        List<Split> splits = listing.parts().stream().<Split>map(part -> new ImageFiles(part.files(), listing.classes(), side)).toList();
        Optional<Split> validation = splits.size() == 3 ? Optional.of(splits.get(1)) : Optional.empty();
        return new Dataset("stream:" + listing.outline().substring(0, 16) + "@" + side, splits.get(0), validation, splits.get(splits.size() - 1),
                Normalisation.IMAGENET);
    }

    @Override
    public int size() {
        return files.size();
    }

    @Override
    public int label(int i) {
        return files.get(i).label();
    }

    @Override
    public int height() {
        return side;
    }

    @Override
    public int width() {
        return side;
    }

    @Override
    public int channels() {
        return 3;
    }

    @Override
    public byte[] image(int i) {
        try (ImageDecoder decoder = new ImageDecoder()) {
            return decode(decoder, i, size -> ResizedCrop.centre(size, side));
        }
    }

    byte[] decode(ImageDecoder decoder, int i, Function<ImageDecoder.Size, ResizedCrop> crop) {
        return decoder.decodeCropped(files.get(i).path(), FolderDecoding.bytes(files.get(i).path()), crop);
    }

    @Override
    public ImageFiles select(int[] rows) {
        Rows.require(rows, size());
        return new ImageFiles(Arrays.stream(rows).mapToObj(files::get).toList(), classes, side);
    }

    @Override
    public ImageStream on(NDManager parent, Normalisation normalisation, MemoryFormat layout) {
        return new ImageStream(parent, this, normalisation, layout, Runtime.getRuntime().availableProcessors());
    }

    @Override
    public String toString() {
        return size() + " images of " + side + " x " + side + " x 3, " + classes.size() + " classes, in files";
    }
}
