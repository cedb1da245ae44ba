package org.espalier.model.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.espalier.model.Tensor;
import org.espalier.model.Weights;
import org.espalier.text.Quoted;

/** The tensors that a file describes, by their names, and how to get at their bytes. */
record StoredWeights(Map<String, StoredTensor> tensors, Source source) {
    /** Where checkpoints that hold more than weights keep them. */
    private static final List<String> USUAL_ENTRIES = List.of("state_dict", "model_state_dict", "model", "net");
    private static final String PARALLEL = "module.";
    private static final String COUNTER = ".num_batches_tracked";

    /** The bytes of a storage, from its base on. */
    interface Source {
        ByteBuffer bytes(StoredTensor.Storage storage) throws IOException;
    }

    /** @param root what a PyTorch file's pickle holds: a state dict, or a dict with one in it */
    static StoredWeights of(Object root, Source source) {
        if (!(root instanceof Map<?, ?> dict)) {
            throw new IllegalArgumentException("it holds " + (root instanceof StoredTensor ? "a single tensor" : "something else")
                    + " where a state dict was expected; " + Checkpoint.SAVE_AGAIN);
        }
        for (String entry : USUAL_ENTRIES) {
            if (dict.get(entry) instanceof Map<?, ?> inner) {
                dict = inner;
                break;
            }
        }
        Map<String, StoredTensor> tensors = new LinkedHashMap<>();
        dict.forEach((name, value) -> {
            if (!(name instanceof String text && value instanceof StoredTensor tensor)) {
                throw new IllegalArgumentException("its entry " + Quoted.name(name.toString()) + " is no tensor; expected was a state dict "
                        + "(tensors by their names), or a dict with one under any of " + USUAL_ENTRIES + "; " + Checkpoint.SAVE_AGAIN);
            }
            tensors.put(text, tensor);
        });
        return new StoredWeights(tensors, source);
    }

    /** The numbers, without the prefix that {@code torch.nn.DataParallel} adds and without batch norm's counters, which nothing here uses. */
    Weights read() throws IOException {
        boolean parallel = tensors.keySet().stream().allMatch(name -> name.startsWith(PARALLEL));
        Map<String, StoredTensor> wanted = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> {
            if (!name.endsWith(COUNTER)) {
                wanted.put(parallel ? name.substring(PARALLEL.length()) : name, tensor);
            }
        });
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
        return new Weights(read);
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
