package org.espalier.model.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.espalier.model.Tensor;
import org.espalier.model.Weights;
import org.espalier.text.Quoted;

/** The tensors that a file describes, by their names, and how to get at their bytes. */
record StoredWeights(Map<String, StoredTensor> tensors, Source source) {

    /** The bytes of a storage, from its base on. */
    interface Source {
        ByteBuffer bytes(StoredTensor.Storage storage) throws IOException;
    }

    /**
     * The tensors of a state dict. What else it has under a name that no tensor has ({@code epoch}) is left out.
     *
     * @throws IllegalArgumentException where something else is in a tensor's place
     */
    static StoredWeights of(Map<?, ?> dict, Source source) {
        Map<String, StoredTensor> tensors = new LinkedHashMap<>();
        boolean none = dict.values().stream().noneMatch(StoredTensor.class::isInstance);
        dict.forEach((key, value) -> {
            if (key instanceof String name && value instanceof StoredTensor tensor) {
                tensors.put(name, tensor);
            } else if (none || key instanceof String name && name.contains(".") && !name.endsWith("_extra_state")) {
                throw new IllegalArgumentException("its entry " + Quoted.name(key instanceof Inert ? "?" : key.toString()) + " is no tensor; "
                        + (value instanceof Inert inert ? inert.refusal() : "expected was a state dict (tensors by their names), or something with "
                        + "one in it; " + Checkpoint.SAVE_AGAIN));
            }
        });
        return new StoredWeights(tensors, source);
    }

    /** The numbers, by {@linkplain TensorNames#wanted the names that matter}, with the masks of {@code torch.nn.utils.prune} applied. */
    Weights read() throws IOException {
        Map<String, StoredTensor> wanted = TensorNames.wanted(tensors);
        requireRoom(wanted.values());
        Map<String, Tensor> read = new LinkedHashMap<>();
        for (var entry : wanted.entrySet()) {
            StoredTensor tensor = entry.getValue();
            try {
                read.put(entry.getKey(), tensor.read(source.bytes(tensor.storage())));
            } catch (IllegalArgumentException | ArithmeticException e) {
                throw new IllegalArgumentException("its tensor " + Quoted.name(entry.getKey()) + ": " + e.getMessage(), e);
            }
        }
        return new Weights(PruneMasks.applied(read));
    }

    /** Views may share a storage, but not so that a small file pretends to gigabytes: there must be a byte for every number. */
    private void requireRoom(Collection<StoredTensor> wanted) throws IOException {
        Map<String, Integer> bytes = new HashMap<>();
        for (StoredTensor tensor : wanted) {
            bytes.merge(tensor.storage().key(), source.bytes(tensor.storage()).capacity(), Math::max);
        }
        long room = bytes.values().stream().mapToLong(Integer::longValue).sum();
        long left = room;
        for (StoredTensor tensor : wanted) {
            left -= Math.min(left + 1, tensor.size());
        }
        if (left < 0) {
            throw new IllegalArgumentException("its tensors claim more numbers than its " + room + " bytes of numbers can hold; "
                    + Checkpoint.DAMAGED);
        }
    }
}
