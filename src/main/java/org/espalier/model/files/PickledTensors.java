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

    /**
     * storage, offset, shape, strides; two that concern gradients; since PyTorch 1.12 whether it is a negative or a conjugate view.
     *
     * @throws Unreadable when it is no view of that storage
     */
    static Object tensor(Object[] args) {
        if (args[0] instanceof Inert unreadable) {
            return unreadable.made();
        }
        boolean negated = false;
        if (args.length > 6 && args[6] instanceof Map<?, ?> view) {
            negated = Boolean.TRUE.equals(view.get("neg"));
            if (view.size() > 8 || view.entrySet().stream().anyMatch(bit -> !"neg".equals(bit.getKey()) && !Boolean.FALSE.equals(bit.getValue()))) {
                throw new Unreadable("its pickle holds a view of a kind that is unknown here; " + Checkpoint.SAVE_AGAIN);
            }
        }
        try {
            return new StoredTensor((Storage) args[0], number(args[1]), numbers(args[2]), numbers(args[3]), negated);
        } catch (IllegalArgumentException e) {
            throw new Unreadable(e.getMessage());
        }
    }

    /**
     * {@code ("storage", type, key, device, count)}, and in old files a view into the storage: {@code (view's key, start, count)} or None; or
     * {@code ("module", class, file, source)}.
     */
    Object read(Object id) {
        Object[] parts = (Object[]) id;
        if (!"storage".equals(parts[0])) {
            String kind = parts[0] instanceof String text ? Quoted.name(text) : "object";
            return parts.length > 1 && parts[1] instanceof Inert type ? type
                    : Inert.unreadable(kind, "its pickle holds a whole " + kind + ", not only its weights; " + Checkpoint.SAVE_AGAIN);
        }
        if (parts[1] instanceof Inert type) {
            return type.made();
        }
        try {
            return storage(parts);
        } catch (IllegalArgumentException e) {
            return Inert.unreadable("a storage", e.getMessage());
        }
    }

    private Storage storage(Object[] parts) {
        Storage whole = new Storage((String) parts[2], (ElementType) parts[1], 0, number(parts[4]));
        if (!whole.equals(storages.merge(whole.key(), whole, (first, again) -> first))) {
            throw new Unreadable("its pickle describes the storage " + Quoted.name(whole.key()) + " in two ways; the file is damaged, get it again");
        }
        return parts.length > 5 && parts[5] instanceof Object[] view ? whole.part(number(view[1]), number(view[2])) : whole;
    }

    private static long number(Object number) {
        return number instanceof Integer i ? i : (Long) number;
    }

    private static long[] numbers(Object tuple) {
        Object[] numbers = (Object[]) tuple;
        if (numbers.length > StoredTensor.MAX_RANK) {
            throw new Unreadable("a tensor with " + numbers.length + " axes; up to " + StoredTensor.MAX_RANK + " are expected");
        }
        return Arrays.stream(numbers).mapToLong(PickledTensors::number).toArray();
    }
}
