package org.espalier.model.files;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.espalier.model.files.StoredTensor.Storage;
import org.espalier.text.Quoted;

/**
 * What {@code torch.save} wrote before version 1.6: pickles of a magic number, the version, facts about the machine, the object and the keys
 * of the storages; then each storage, as the count of its numbers (8 bytes) and the numbers, little-endian on every machine.
 */
final class PyTorchLegacyFile {
    private static final BigInteger MAGIC = new BigInteger("1950a86a20f9469cfc6c", 16);
    private static final int VERSION = 1001;

    private PyTorchLegacyFile() {
    }

    static Checkpoint read(byte[] bytes, List<String> entry) throws IOException {
        ByteArrayInputStream in = new ByteArrayInputStream(bytes);
        if (!MAGIC.equals(next(in)) || !Integer.valueOf(VERSION).equals(next(in)) || !(next(in) instanceof Map<?, ?>)) {
            throw new IllegalArgumentException("it is a Python pickle, but not one that torch.save wrote; " + Checkpoint.SAVE_AGAIN);
        }
        CheckpointUnpickler unpickler = new CheckpointUnpickler();
        Object root = unpickler.read(in);
        Map<String, ByteBuffer> storages = storages(next(in), unpickler.storages(),
                ByteBuffer.wrap(bytes, bytes.length - in.available(), in.available()).slice().order(ByteOrder.LITTLE_ENDIAN));
        return Checkpoint.of(root, entry, storage -> {
            ByteBuffer whole = storages.get(storage.key());
            if (whole == null) {
                throw new IllegalArgumentException("its storage " + Quoted.name(storage.key()) + " is missing; " + Checkpoint.DAMAGED);
            }
            return storage.slice(whole);
        });
    }

    private static Object next(ByteArrayInputStream in) {
        return new CheckpointUnpickler().read(in);
    }

    private static Map<String, ByteBuffer> storages(Object keys, Map<String, Storage> described, ByteBuffer rest) {
        if (!(keys instanceof List<?> list)) {
            throw new IllegalArgumentException("the list of its storages is missing; " + Checkpoint.DAMAGED);
        }
        Map<String, ByteBuffer> storages = new HashMap<>();
        for (Object key : list) {
            Storage storage = key instanceof String text ? described.get(text) : null;
            if (storage == null) {
                throw new IllegalArgumentException("it has a storage that no tensor speaks of; " + Checkpoint.DAMAGED);
            }
            if (rest.remaining() < Long.BYTES) {
                throw new IllegalArgumentException("it ends before its storage " + Quoted.name(storage.key()) + "; " + Checkpoint.DAMAGED);
            }
            long count = rest.getLong();
            if (count != storage.count() || count > rest.remaining() / storage.type().width) {
                throw new IllegalArgumentException("its storage " + Quoted.name(storage.key()) + " has " + count + " numbers where "
                        + storage.count() + " are announced and " + rest.remaining() + " bytes are left; " + Checkpoint.DAMAGED);
            }
            int length = (int) count * storage.type().width;
            storages.put(storage.key(), rest.slice(rest.position(), length).order(rest.order()));
            rest.position(rest.position() + length);
        }
        return storages;
    }
}
