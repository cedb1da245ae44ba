package org.espalier.model.files;

import static org.espalier.model.files.Assembled.concat;
import static org.espalier.model.files.Assembled.int4;
import static org.espalier.model.files.Assembled.latin1;
import static org.espalier.model.files.Assembled.text;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.espalier.model.Tensor;
import org.espalier.model.Weights;

/**
 * Writes what {@code torch.save} would write of an object made of maps, lists, arrays (tuples), texts, numbers, tensors and the records here.
 */
public final class TorchFile {
    private final StringBuilder pickle = new StringBuilder(Assembled.START);
    private final Map<String, byte[]> storages = new LinkedHashMap<>();
    private final String between;

    /** An object of a class, or the result of a function, with a state or without (null). */
    public record Foreign(String module, String name, List<?> args, Object state) {
        /** As {@code torch.save(model)} writes a module. */
        public static Foreign module(String module, String name, Map<String, ?> parameters) {
            return new Foreign(module, name, List.of(), Map.of("training", true, "_parameters", parameters, "_modules", Map.of()));
        }
    }

    /** What {@code copyreg} writes for a class by its name alone. */
    public record Global(String module, String name) {
    }

    /** A tensor whose numbers lie in the file with the other sign. */
    public record Negated(Tensor tensor) {
    }

    /** A tensor whose last axis comes first in the file. */
    public record Transposed(Tensor tensor) {
    }

    /** A tensor with attributes of its own, or of a class of its own. */
    public record Typed(Tensor tensor, Global type) {
    }

    /** int64, as counters are. */
    public record Whole(long... values) {
    }

    /** Opcodes as they are, which leave one value. */
    public record Opcodes(String opcodes) {
    }

    private TorchFile(String between) {
        this.between = between;
    }

    /** Since PyTorch 1.6. */
    public static byte[] zip(Object root) throws IOException {
        return zip(root, "");
    }

    /** @param between opcodes that change nothing, before every value */
    static byte[] zip(Object root, String between) throws IOException {
        TorchFile file = of(root, between);
        Map<String, byte[]> entries = new LinkedHashMap<>();
        entries.put("a/data.pkl", latin1(file.pickle.toString()));
        file.storages.forEach((key, bytes) -> entries.put("a/data/" + key, bytes));
        return Assembled.zip(entries);
    }

    /** Before PyTorch 1.6. */
    public static byte[] legacy(Object root) {
        TorchFile file = of(root, "");
        StringBuilder keys = new StringBuilder(Assembled.START + "](");
        file.storages.keySet().forEach(key -> keys.append(text(key)));
        byte[] all = concat(Assembled.LEGACY_HEAD, latin1(file.pickle.toString()), latin1(keys + "e."));
        for (var storage : file.storages.entrySet()) {
            byte[] bytes = storage.getValue();
            int count = bytes.length / (storage.getKey().startsWith("w") ? 8 : 4);
            all = concat(all, ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(count).array(), bytes);
        }
        return all;
    }

    static byte[] pickle(Object root) {
        return latin1(of(root, "").pickle.toString());
    }

    private static TorchFile of(Object root, String between) {
        TorchFile file = new TorchFile(between);
        file.add(root);
        file.pickle.append('.');
        return file;
    }

    private void add(Object value) {
        pickle.append(between);
        if (value == null) {
            pickle.append('N');
        } else if (value instanceof Boolean yes) {
            pickle.append(yes ? '\u0088' : '\u0089');
        } else if (value instanceof Integer number) {
            pickle.append('J').append(int4(number));
        } else if (value instanceof Double number) {
            pickle.append('G').append(new String(ByteBuffer.allocate(8).putDouble(number).array(), StandardCharsets.ISO_8859_1));
        } else if (value instanceof String words) {
            pickle.append(text(words));
        } else if (value instanceof Weights weights) {
            pickle.append("ccollections\nOrderedDict\n)R");
            entries(weights.tensors());
        } else if (value instanceof Map<?, ?> map) {
            pickle.append('}');
            entries(map);
        } else if (value instanceof List<?> list) {
            pickle.append("](");
            list.forEach(this::add);
            pickle.append('e');
        } else if (value instanceof Object[] tuple) {
            tuple(tuple);
        } else if (value instanceof Global global) {
            pickle.append('c').append(global.module).append('\n').append(global.name).append('\n');
        } else if (value instanceof Foreign foreign) {
            add(new Global(foreign.module, foreign.name));
            tuple(foreign.args.toArray());
            pickle.append(foreign.state == null ? 'R' : '\u0081');
            if (foreign.state != null) {
                add(foreign.state);
                pickle.append('b');
            }
        } else if (value instanceof Opcodes raw) {
            pickle.append(raw.opcodes);
        } else {
            tensor(value);
        }
    }

    private void entries(Map<?, ?> map) {
        pickle.append('(');
        map.forEach((key, entry) -> {
            add(key);
            add(entry);
        });
        pickle.append('u');
    }

    private void tuple(Object[] items) {
        pickle.append('(');
        for (Object item : items) {
            add(item);
        }
        pickle.append('t');
    }

    private void tensor(Object value) {
        if (value instanceof Tensor tensor) {
            view(storage(tensor.values()), tensor.shape(), false, false);
        } else if (value instanceof Negated negated) {
            float[] values = negated.tensor.values();
            for (int i = 0; i < values.length; i++) {
                values[i] = -values[i];
            }
            view(storage(values), negated.tensor.shape(), false, true);
        } else if (value instanceof Transposed transposed) {
            int[] shape = transposed.tensor.shape();
            int last = shape[shape.length - 1];
            float[] values = new float[transposed.tensor.size()];
            for (int i = 0; i < values.length; i++) {
                values[i % last * (values.length / last) + i / last] = transposed.tensor.at(i);
            }
            view(storage(values), shape, true, false);
        } else if (value instanceof Typed typed) {
            pickle.append("ctorch._tensor\n_rebuild_from_type_v2\n(ctorch._utils\n_rebuild_tensor_v2\n");
            add(typed.type);
            arguments(storage(typed.tensor.values()), typed.tensor.shape(), false, false);
            pickle.append("}tR");
        } else if (value instanceof Whole whole) {
            String key = "w" + storages.size();
            ByteBuffer bytes = ByteBuffer.allocate(8 * whole.values.length).order(ByteOrder.LITTLE_ENDIAN);
            bytes.asLongBuffer().put(whole.values);
            storages.put(key, bytes.array());
            view(persistent("LongStorage", key, whole.values.length), whole.values.length == 1 ? new int[0] : new int[] {whole.values.length},
                    false, false);
        } else {
            throw new IllegalArgumentException("cannot pickle " + value);
        }
    }

    private String storage(float[] values) {
        String key = "" + storages.size();
        storages.put(key, Assembled.floats(values));
        return persistent("FloatStorage", key, values.length);
    }

    private static String persistent(String type, String key, int count) {
        return "(" + text("storage") + "ctorch\n" + type + "\n" + text(key) + text("cpu") + "J" + int4(count) + "tQ";
    }

    private void view(String storage, int[] shape, boolean transposed, boolean negated) {
        pickle.append("ctorch._utils\n_rebuild_tensor_v2\n");
        arguments(storage, shape, transposed, negated);
        pickle.append('R');
    }

    private void arguments(String storage, int[] shape, boolean transposed, boolean negated) {
        StringBuilder strides = new StringBuilder();
        int stride = 1;
        int count = 1;
        for (int length : shape) {
            count *= length;
        }
        for (int axis = shape.length - 1; axis >= 0; axis--) {
            if (transposed) {
                int last = shape[shape.length - 1];
                strides.insert(0, "J" + int4(axis == shape.length - 1 ? count / last : stride));
                stride *= axis == shape.length - 1 ? 1 : shape[axis];
            } else {
                strides.insert(0, "J" + int4(stride));
                stride *= shape[axis];
            }
        }
        pickle.append('(').append(storage).append("K\u0000(");
        for (int length : shape) {
            pickle.append('J').append(int4(length));
        }
        pickle.append("t(").append(strides).append("t\u0089}").append(negated ? "}" + text("neg") + "\u0088s" : "").append('t');
    }
}
