package org.espalier.model.files;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.espalier.model.files.StoredTensor.Storage;
import org.espalier.text.Quoted;

/**
 * What {@code torch.save} writes since version 1.6: a zip archive with the pickle in {@code NAME/data.pkl} and a storage in each {@code
 * NAME/data/KEY}. Entries are only ever read into memory, so that their names can't lead anywhere.
 */
final class PyTorchZipFile {
    /** A ResNet-110's takes 100 kB; histories and arrays beside the weights may take more. */
    private static final int MAX_PICKLE = 64 << 20;
    /** PyTorch doesn't compress, and who packs its files again hardly makes them smaller, but for constant weights. */
    private static final int MAX_INFLATION = 16;
    private static final long SMALL = 16 << 20;
    /** What {@code torch.serialization.set_crc32_options(False)} leaves in the place of a checksum. */
    private static final long NO_CHECKSUM = 0;

    private final ZipFile zip;
    private final String folder;
    private final Map<String, ByteBuffer> storages = new HashMap<>();
    private final long limit;
    private long inflated;

    private PyTorchZipFile(ZipFile zip, String folder, long size) {
        this.zip = zip;
        this.folder = folder;
        limit = Math.max(SMALL, size * MAX_INFLATION);
    }

    static Checkpoint read(Path path, long size, List<String> entry) throws IOException {
        try (ZipFile zip = new ZipFile(path.toFile())) {
            List<String> names = zip.stream().map(ZipEntry::getName).toList();
            Set<String> distinct = new HashSet<>();
            Optional<String> twice = names.stream().filter(name -> !distinct.add(name)).findFirst();
            if (twice.isPresent()) {
                throw new IllegalArgumentException("it is a zip archive with two entries " + Quoted.name(twice.get()) + "; " + Checkpoint.DAMAGED);
            }
            List<String> pickles = names.stream().filter(name -> name.endsWith("/data.pkl")).toList();
            if (pickles.size() != 1) {
                throw new IllegalArgumentException("it is a zip archive with " + pickles.size()
                        + " entries 'data.pkl', so not what torch.save writes; " + Checkpoint.SAVE_AGAIN);
            }
            String pickle = pickles.get(0);
            return new PyTorchZipFile(zip, pickle.substring(0, pickle.length() - "data.pkl".length()), size).read(entry);
        }
    }

    private Checkpoint read(List<String> entry) throws IOException {
        if (zip.getEntry(folder + "constants.pkl") != null) {
            throw new IllegalArgumentException("it is a TorchScript archive, a program with its weights, and no program of a file is run here; in "
                    + "Python: torch.save(torch.jit.load(\"this file\", map_location=\"cpu\").state_dict(), \"weights.pth\"), then load weights.pth");
        }
        ByteOrder order = order();
        Object root = new CheckpointUnpickler().read(new ByteArrayInputStream(entry("data.pkl", MAX_PICKLE)));
        return Checkpoint.of(root, entry, storage -> storage.slice(storage(storage, order)));
    }

    private ByteOrder order() throws IOException {
        if (zip.getEntry(folder + "byteorder") == null) {
            return ByteOrder.LITTLE_ENDIAN;
        }
        String order = new String(entry("byteorder", 64), StandardCharsets.US_ASCII);
        return switch (order) {
            case "little" -> ByteOrder.LITTLE_ENDIAN;
            case "big" -> ByteOrder.BIG_ENDIAN;
            default -> throw new IllegalArgumentException("its byte order is " + Quoted.name(order) + ", not little or big; "
                    + Checkpoint.DAMAGED);
        };
    }

    private ByteBuffer storage(Storage storage, ByteOrder order) throws IOException {
        ByteBuffer known = storages.get(storage.key());
        if (known == null) {
            known = ByteBuffer.wrap(entry("data/" + storage.key(), Integer.MAX_VALUE - 8)).order(order);
            storages.put(storage.key(), known);
        }
        if ((storage.base() + storage.count()) * storage.type().width > known.capacity()) {
            throw new IllegalArgumentException("its storage " + Quoted.name(storage.key()) + " has " + known.capacity() + " bytes, too few for "
                    + storage.count() + " numbers of " + storage.type().width + "; " + Checkpoint.DAMAGED);
        }
        return known;
    }

    private byte[] entry(String name, int most) throws IOException {
        String shown = Quoted.name(folder + name);
        ZipEntry entry = zip.getEntry(folder + name);
        if (entry == null) {
            throw new IllegalArgumentException("its entry " + shown + " is missing; " + Checkpoint.DAMAGED);
        }
        inflated += entry.getSize();
        if (entry.getSize() < 0 || entry.getSize() > most || inflated > limit) {
            throw new IllegalArgumentException("its entry " + shown + " would unpack to " + entry.getSize() + " bytes, " + inflated
                    + " with those before it, which is more than such a file can need; " + Checkpoint.SAVE_AGAIN);
        }
        byte[] bytes;
        try (InputStream in = zip.getInputStream(entry)) {
            bytes = in.readNBytes((int) entry.getSize());
            if (bytes.length < entry.getSize() || in.read() != -1) {
                throw new IllegalArgumentException("its entry " + shown + " isn't " + entry.getSize() + " bytes long as announced; "
                        + Checkpoint.DAMAGED);
            }
        }
        CRC32 crc = new CRC32();
        crc.update(bytes);
        if (crc.getValue() != entry.getCrc() && entry.getCrc() != NO_CHECKSUM) {
            throw new IllegalArgumentException("its entry " + shown + " doesn't match its checksum; " + Checkpoint.DAMAGED);
        }
        return bytes;
    }
}
