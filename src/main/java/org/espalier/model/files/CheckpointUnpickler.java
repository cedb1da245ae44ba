package org.espalier.model.files;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.razorvine.pickle.Opcodes;
import net.razorvine.pickle.PickleUtils;
import net.razorvine.pickle.Unpickler;

/**
 * Reads the pickles inside PyTorch's checkpoints. A pickle is a program; of its calls only those of {@link KnownCalls} mean anything here, and
 * every other class, object or result is an {@link Inert} value: nothing is looked up, constructed or called by its name. Work and memory stay in
 * proportion to the pickle's length. Tensors become {@link StoredTensor}s, dicts {@link LinkedHashMap}s, lists {@link List}s, tuples arrays.
 */
final class CheckpointUnpickler extends Unpickler {
    /** The checkpoint of a ResNet-110 with its optimizer's state takes some 50,000, a loss for each of a million batches a million. */
    private static final int MAX_STEPS = 2_000_000;
    /** Longer texts aren't compared with others; no tensor has such a name. */
    private static final int LONGEST_KEY = 1000;

    private final PickledTensors tensors = new PickledTensors();
    private final KnownCalls calls = new KnownCalls(this::count);
    private int steps;

    /**
     * The next pickle of {@code in}, which is left behind its end.
     *
     * @throws IllegalArgumentException when it is damaged, or does what no checkpoint does
     */
    Object read(ByteArrayInputStream in) {
        int length = in.available();
        try {
            return load(in);
        } catch (IOException | RuntimeException e) {
            if (e instanceof IllegalArgumentException known && !(e instanceof NumberFormatException)) {
                throw known;
            }
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
            case Opcodes.GLOBAL -> stack.add(calls.global(PickleUtils.readline(input), PickleUtils.readline(input)));
            case Opcodes.STACK_GLOBAL -> {
                String name = (String) stack.pop();
                stack.add(calls.global((String) stack.pop(), name));
            }
            case Opcodes.REDUCE, Opcodes.NEWOBJ -> {
                Object args = stack.pop();
                stack.add(calls.call(stack.pop(), args));
            }
            case Opcodes.NEWOBJ_EX -> {
                stack.pop();
                Object args = stack.pop();
                stack.add(calls.call(stack.pop(), args));
            }
            case Opcodes.INST -> {
                Object type = calls.global(PickleUtils.readline(input), PickleUtils.readline(input));
                stack.add(calls.call(type, stack.pop_all_since_marker().toArray()));
            }
            case Opcodes.OBJ -> {
                List<Object> items = stack.pop_all_since_marker();
                stack.add(calls.call(items.get(0), items.subList(1, items.size()).toArray()));
            }
            case Opcodes.BUILD -> setState(stack.pop());
            case Opcodes.EMPTY_DICT -> stack.add(new LinkedHashMap<>());
            case Opcodes.DICT -> {
                List<Object> items = stack.pop_all_since_marker();
                Map<Object, Object> dict = new LinkedHashMap<>();
                putAll(dict, items);
                stack.add(dict);
            }
            case Opcodes.SETITEM -> {
                Object value = stack.pop();
                Object key = stack.pop();
                putAll(stack.peek(), Arrays.asList(key, value));
            }
            case Opcodes.SETITEMS -> {
                List<Object> items = stack.pop_all_since_marker();
                putAll(stack.peek(), items);
            }
            case Opcodes.APPEND -> addAll(Collections.singletonList(stack.pop()));
            case Opcodes.APPENDS -> addAll(stack.pop_all_since_marker());
            case Opcodes.EMPTY_SET -> stack.add(Inert.named("set"));
            case Opcodes.ADDITEMS -> stack.pop_all_since_marker();
            case Opcodes.FROZENSET -> {
                stack.pop_all_since_marker();
                stack.add(Inert.named("frozenset"));
            }
            case Opcodes.LONG -> {
                String digits = PickleUtils.readline(input);
                stack.add(digits.length() > 20 ? Inert.named("int") : (Object) Long.valueOf(digits.replace("L", "")));
            }
            case Opcodes.BINUNICODE, Opcodes.BINSTRING, Opcodes.BINBYTES, Opcodes.LONG4 -> {
                requireAnnounced(4);
                return super.dispatch(opcode);
            }
            case Opcodes.BINUNICODE8, Opcodes.BINBYTES8, Opcodes.BYTEARRAY8 -> {
                requireAnnounced(8);
                return super.dispatch(opcode);
            }
            case Opcodes.PROTO, Opcodes.FRAME, Opcodes.STOP, Opcodes.MARK, Opcodes.POP, Opcodes.POP_MARK, Opcodes.DUP,
                    Opcodes.NONE, Opcodes.NEWTRUE, Opcodes.NEWFALSE,
                    Opcodes.INT, Opcodes.BININT, Opcodes.BININT1, Opcodes.BININT2, Opcodes.LONG1, Opcodes.FLOAT, Opcodes.BINFLOAT,
                    Opcodes.STRING, Opcodes.UNICODE, Opcodes.SHORT_BINUNICODE, Opcodes.SHORT_BINSTRING, Opcodes.SHORT_BINBYTES,
                    Opcodes.TUPLE, Opcodes.EMPTY_TUPLE, Opcodes.TUPLE1, Opcodes.TUPLE2, Opcodes.TUPLE3, Opcodes.LIST, Opcodes.EMPTY_LIST,
                    Opcodes.GET, Opcodes.BINGET, Opcodes.LONG_BINGET, Opcodes.PUT, Opcodes.BINPUT, Opcodes.LONG_BINPUT, Opcodes.MEMOIZE,
                    Opcodes.BINPERSID -> {
                return super.dispatch(opcode);
            }
            default -> throw new IllegalArgumentException(String.format("its pickle has the opcode 0x%02x, which no checkpoint needs; "
                    + "the file is damaged or holds something else", opcode));
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

    /** A state dict's own state is its {@code _metadata}, which nothing here needs. */
    private void setState(Object state) {
        Object target = stack.peek();
        if (target instanceof Inert inert) {
            inert.setState(state);
        } else if (!(target instanceof LinkedHashMap<?, ?>)) {
            throw new IllegalArgumentException("its pickle sets the state of something that has none; " + Checkpoint.SAVE_AGAIN);
        }
    }

    @SuppressWarnings("unchecked")
    private static void putAll(Object target, List<Object> items) {
        if (target instanceof Inert) {
            return;
        }
        for (int i = 0; i < items.size(); i += 2) {
            ((Map<Object, Object>) target).put(key(items.get(i)), items.get(i + 1));
        }
    }

    /** Only what is compared in constant time is kept as a key; another is a new one each time. */
    static Object key(Object key) {
        if (key instanceof List<?> || key instanceof Map<?, ?>) {
            throw new IllegalArgumentException("its pickle has a dict with a list or a dict as a key, which no Python has; " + Checkpoint.DAMAGED);
        }
        boolean simple = key instanceof String text && text.length() <= LONGEST_KEY || key instanceof Integer || key instanceof Long
                || key instanceof Boolean || key instanceof Double;
        return simple ? key : Inert.named("a key");
    }

    @SuppressWarnings("unchecked")
    private void addAll(List<Object> items) {
        if (!(stack.peek() instanceof Inert)) {
            ((List<Object>) stack.peek()).addAll(items);
        }
    }

    /** The library allocates what is announced before it reads. */
    private void requireAnnounced(int width) throws IOException {
        input.mark(width);
        byte[] bytes = PickleUtils.readbytes(input, width);
        long announced = 0;
        for (int i = width - 1; i >= 0; i--) {
            announced = announced << 8 | bytes[i] & 0xff;
        }
        if (announced < 0 || announced > input.available()) {
            throw new IllegalArgumentException("its pickle announces a text of " + Long.toUnsignedString(announced) + " bytes, but "
                    + input.available() + " are left; the file is cut short or damaged, get it again");
        }
        input.reset();
    }

    @Override
    protected Object persistentLoad(Object id) {
        return tensors.read(id);
    }
}
