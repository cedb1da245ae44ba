package org.espalier.model.files;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.espalier.model.files.StoredTensor.Storage;
import org.espalier.text.Quoted;

/**
 * Tensors and storages as PyTorch's pickles describe them.
 *
 * @param storages every storage that was spoken of, whole, by its key
 */
record PickledTensors(Map<String, Storage> storages) {

    PickledTensors() {
        this(new HashMap<>());
    }

    /** storage, offset, shape, strides; what follows concerns gradients. */
    static StoredTensor tensor(Object[] args) {
        return new StoredTensor((Storage) args[0], number(args[1]), numbers(args[2]), numbers(args[3]));
    }

    /** {@code ("storage", type, key, device, count)}, and in old files a view into the storage: {@code (view's key, start, count)} or None. */
    Storage storage(Object id) {
        Object[] parts = (Object[]) id;
        if (!"storage".equals(parts[0])) {
            throw new IllegalArgumentException("its pickle holds a whole " + (parts[0] instanceof String kind ? Quoted.name(kind) : "object")
                    + ", not only its weights; " + Checkpoint.SAVE_AGAIN);
        }
        Storage whole = new Storage((String) parts[2], (ElementType) parts[1], 0, number(parts[4]));
        if (!whole.equals(storages.merge(whole.key(), whole, (first, again) -> first))) {
            throw new IllegalArgumentException("its pickle describes the storage " + Quoted.name(whole.key())
                    + " in two ways; the file is damaged, get it again");
        }
        return parts.length > 5 && parts[5] instanceof Object[] view ? whole.part(number(view[1]), number(view[2])) : whole;
    }

    private static long number(Object number) {
        return number instanceof Integer i ? i : (Long) number;
    }

    private static long[] numbers(Object tuple) {
        return Arrays.stream((Object[]) tuple).mapToLong(PickledTensors::number).toArray();
    }
}
