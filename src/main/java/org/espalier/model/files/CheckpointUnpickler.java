package org.espalier.model.files;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.razorvine.pickle.IObjectConstructor;
import net.razorvine.pickle.Opcodes;
import net.razorvine.pickle.PickleUtils;
import net.razorvine.pickle.Unpickler;
import org.espalier.text.Quoted;

/**
 * Reads the pickles inside PyTorch's checkpoints, and nothing else: only the opcodes and classes that tensors in plain containers need. A
 * pickle is a program, so whatever isn't listed here is refused by name, nothing is looked up or called by its name, and work and memory
 * stay in proportion to the pickle's length. Tensors become {@link StoredTensor}s, dicts {@link LinkedHashMap}s, tuples arrays.
 */
final class CheckpointUnpickler extends Unpickler {
    /** The checkpoint of a ResNet-110 with its optimizer's state takes some 50,000. */
    private static final int MAX_STEPS = 1_000_000;

    private final Map<String, Object> known = new HashMap<>();
    private final PickledTensors tensors = new PickledTensors();
    private int steps;

    /** Something harmless that weights don't need: a NumPy number, a dtype, a scheduler's milestones. */
    private record Unused(String name) implements IObjectConstructor {
        @Override
        public Object construct(Object[] args) {
            return this;
        }
    }

    CheckpointUnpickler() {
        known.put("collections.OrderedDict", (IObjectConstructor) this::orderedDict);
        known.put("torch._utils._rebuild_tensor", (IObjectConstructor) PickledTensors::tensor);
        known.put("torch._utils._rebuild_tensor_v2", (IObjectConstructor) PickledTensors::tensor);
        known.put("torch._utils._rebuild_parameter", (IObjectConstructor) args -> args[0]);
        known.put("torch.Size", (IObjectConstructor) args -> args[0]);
        for (ElementType type : ElementType.values()) {
            known.put("torch." + type.storageName, type);
        }
        for (String name : List.of("torch.device", "torch.float32", "torch.float64", "torch.float16", "torch.bfloat16", "torch.int64",
                "torch.int32", "torch.uint8", "torch.bool", "numpy.dtype", "numpy.core.multiarray.scalar", "numpy._core.multiarray.scalar",
                "_codecs.encode", "collections.Counter")) {
            known.put(name, new Unused(name));
        }
    }

    /**
     * The next pickle of {@code in}, which is left behind its end.
     *
     * @throws IllegalArgumentException when it is damaged, or asks for anything that weights don't need
     */
    Object read(ByteArrayInputStream in) {
        int length = in.available();
        try {
            return load(in);
        } catch (IllegalArgumentException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            // The library meets nonsense with whatever the JDK throws first: a failed cast, an index, a missing byte.
            throw new IllegalArgumentException("its pickle makes no sense at byte " + (length - in.available()) + " of " + length
                    + "; the file is cut short or damaged, get it again", e);
        }
    }

    /** Every storage that was spoken of, whole, by its key. */
    Map<String, StoredTensor.Storage> storages() {
        return tensors.storages();
    }

    @Override
    protected Object dispatch(short opcode) throws IOException {
        count(1);
        switch (opcode) {
            case Opcodes.GLOBAL -> stack.add(known(PickleUtils.readline(input), PickleUtils.readline(input)));
            case Opcodes.STACK_GLOBAL -> {
                String name = (String) stack.pop();
                stack.add(known((String) stack.pop(), name));
            }
            case Opcodes.BUILD -> ignoreState(stack.pop());
            case Opcodes.EMPTY_DICT -> stack.add(new LinkedHashMap<>());
            case Opcodes.SETITEM -> {
                Object value = stack.pop();
                Object key = stack.pop();
                put(stack.peek(), key, value);
            }
            case Opcodes.SETITEMS -> {
                List<Object> items = stack.pop_all_since_marker();
                for (int i = 0; i < items.size(); i += 2) {
                    put(stack.peek(), items.get(i), items.get(i + 1));
                }
            }
            case Opcodes.APPENDS -> {
                List<Object> items = stack.pop_all_since_marker();
                list(stack.peek()).addAll(items);
            }
            case Opcodes.BINUNICODE, Opcodes.BINSTRING, Opcodes.BINBYTES -> {
                requireDeclaredLength();
                return super.dispatch(opcode);
            }
            case Opcodes.PROTO, Opcodes.FRAME, Opcodes.STOP, Opcodes.MARK, Opcodes.NONE, Opcodes.NEWTRUE, Opcodes.NEWFALSE,
                    Opcodes.BININT, Opcodes.BININT1, Opcodes.BININT2, Opcodes.LONG1, Opcodes.BINFLOAT,
                    Opcodes.SHORT_BINUNICODE, Opcodes.SHORT_BINSTRING, Opcodes.SHORT_BINBYTES,
                    Opcodes.TUPLE, Opcodes.EMPTY_TUPLE, Opcodes.TUPLE1, Opcodes.TUPLE2, Opcodes.TUPLE3, Opcodes.EMPTY_LIST, Opcodes.APPEND,
                    Opcodes.BINGET, Opcodes.LONG_BINGET, Opcodes.BINPUT, Opcodes.LONG_BINPUT, Opcodes.MEMOIZE,
                    Opcodes.REDUCE, Opcodes.BINPERSID -> {
                return super.dispatch(opcode);
            }
            default -> throw new IllegalArgumentException(String.format("its pickle has the opcode 0x%02x, which no checkpoint of plain "
                    + "tensors needs; the file is damaged or holds something else", opcode));
        }
        return NO_RETURN_VALUE;
    }

    private void count(int more) {
        steps += more;
        if (steps > MAX_STEPS) {
            throw new IllegalArgumentException("its pickle takes more than " + MAX_STEPS + " steps, far more than any checkpoint; "
                    + Checkpoint.SAVE_AGAIN);
        }
    }

    private Object known(String module, String name) {
        Object found = known.get(module + "." + name);
        if (found == null) {
            throw new IllegalArgumentException("its pickle asks for " + Quoted.name(module + "." + name)
                    + ", which is refused: tensors and plain containers are all that is read; " + Checkpoint.SAVE_AGAIN);
        }
        return found;
    }

    /** What PyTorch keeps beside the entries of a state dict ({@code _metadata}) and inside a NumPy dtype. */
    private void ignoreState(Object state) {
        Object target = stack.peek();
        if (!(target instanceof LinkedHashMap<?, ?> || target instanceof Unused)) {
            throw new IllegalArgumentException("its pickle sets the state of something that has none; " + Checkpoint.SAVE_AGAIN);
        }
    }

    /** Only keys that are compared in constant time and can't contain themselves. */
    @SuppressWarnings("unchecked")
    private static void put(Object dict, Object key, Object value) {
        if (!(key instanceof String || key instanceof Integer || key instanceof Long || key instanceof Boolean)) {
            throw new IllegalArgumentException("its pickle has a dict with a key that is neither text nor a whole number; " + Checkpoint.SAVE_AGAIN);
        }
        ((Map<Object, Object>) dict).put(key, value);
    }

    @SuppressWarnings("unchecked")
    private static List<Object> list(Object list) {
        return (List<Object>) list;
    }

    /** The library allocates what is declared before it reads. */
    private void requireDeclaredLength() throws IOException {
        input.mark(4);
        int declared = PickleUtils.bytes_to_integer(PickleUtils.readbytes(input, 4));
        if (declared < 0 || declared > input.available()) {
            throw new IllegalArgumentException("its pickle announces a text of " + Integer.toUnsignedString(declared) + " bytes, but "
                    + input.available() + " are left; the file is cut short or damaged, get it again");
        }
        input.reset();
    }

    /** Python 2 hands over the pairs; Python 3 fills it afterwards. */
    private Object orderedDict(Object[] args) {
        Map<Object, Object> dict = new LinkedHashMap<>();
        for (Object pair : args.length == 0 ? List.of() : (List<?>) args[0]) {
            count(1);
            List<?> entry = pair instanceof List<?> list ? list : Arrays.asList((Object[]) pair);
            put(dict, entry.get(0), entry.get(1));
        }
        return dict;
    }

    @Override
    protected Object persistentLoad(Object id) {
        return tensors.storage(id);
    }
}
