package org.espalier.model;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The tensors that a file describes, by their names, and how to get at their bytes. */
record StoredWeights(Map<String, StoredTensor> tensors, Source source) {
    /** Where checkpoints that hold more than weights keep them. */
    private static final List<String> USUAL_ENTRIES = List.of("state_dict", "model_state_dict", "model", "net");
    private static final String PARALLEL = "module.";

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
                throw new IllegalArgumentException("its entry " + Checkpoint.shown(name.toString()) + " is no tensor; expected was a state dict (tensors by their "
                        + "names), or a dict with one under any of " + USUAL_ENTRIES + "; " + Checkpoint.SAVE_AGAIN);
            }
            tensors.put(text, tensor);
        });
        return new StoredWeights(tensors, source);
    }

    /**
     * The numbers, without the prefix that {@code torch.nn.DataParallel} adds and without batch norm's counters, which nothing here uses.
     *
     * @param limit how many numbers the file can hold; views that share a storage can pretend to more
     */
    Weights read(long limit) throws IOException {
        boolean parallel = tensors.keySet().stream().allMatch(name -> name.startsWith(PARALLEL));
        Map<String, Tensor> read = new LinkedHashMap<>();
        long left = limit;
        for (var entry : tensors.entrySet()) {
            String name = parallel ? entry.getKey().substring(PARALLEL.length()) : entry.getKey();
            StoredTensor tensor = entry.getValue();
            if (name.endsWith("num_batches_tracked")) {
                continue;
            }
            left -= Math.min(left + 1, tensor.size());
            if (left < 0) {
                throw new IllegalArgumentException("its tensors claim more numbers than the file has room for (" + limit
                        + "); it is damaged, get it again");
            }
            try {
                read.put(name, tensor.read(source.bytes(tensor.storage())));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("its tensor " + Checkpoint.shown(name) + ": " + e.getMessage(), e);
            }
        }
        return new Weights(read);
    }
}
