package org.espalier.data.files;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.razorvine.pickle.IObjectConstructor;
import net.razorvine.pickle.Opcodes;
import net.razorvine.pickle.PickleUtils;
import net.razorvine.pickle.Unpickler;

/**
 * Reads the pickled dicts that CIFAR's Python version consists of: an array {@code data} of bytes, [images, bytes of an image], and lists of
 * labels. A pickle is a program, so whatever isn't listed here is refused by name, and nothing is looked up or called by its name.
 */
public final class PickledBatch extends Unpickler {
    private static final long MAX_FILE = 1L << 28;
    private static final int MAX_STEPS = 2_000_000;

    private static final Map<String, IObjectConstructor> KNOWN = Map.of(
            "_codecs.encode", args -> ((String) args[0]).getBytes(StandardCharsets.ISO_8859_1),
            "numpy.core.multiarray._reconstruct", args -> new ByteArray(),
            "numpy._core.multiarray._reconstruct", args -> new ByteArray(),
            "numpy.ndarray", args -> refused("a call of numpy.ndarray"),
            "numpy.dtype", ElementKind::new);

    private int steps;

    /** A NumPy array under construction. */
    private static final class ByteArray {
        private int rows;
        private byte[] bytes;
    }

    /** A dtype; its byte order, which comes later, doesn't matter for bytes. */
    private record ElementKind(Object name) {
        ElementKind(Object[] args) {
            this(args[0]);
        }
    }

    private PickledBatch() {
    }

    /**
     * One record an image, as in the binary version: a byte for each list of labels, then the pixels.
     *
     * @throws IllegalArgumentException when the file holds anything else
     * @throws UncheckedIOException when it can't be read
     */
    public static byte[] records(Path file, List<String> labels) {
        try {
            if (Files.size(file) > MAX_FILE) {
                throw new IllegalArgumentException("it is longer than " + MAX_FILE + " bytes");
            }
            Map<?, ?> batch = (Map<?, ?>) new PickledBatch().load(new ByteArrayInputStream(Files.readAllBytes(file)));
            return records(batch, labels);
        } catch (IOException | RuntimeException e) {
            // The library meets nonsense with whatever the JDK throws first: a failed cast, an index, a missing byte.
            throw new IllegalArgumentException(file + " is no batch of CIFAR's Python version (" + e.getMessage()
                    + "); fetch it again, or take the binary version", e);
        }
    }

    private static byte[] records(Map<?, ?> batch, List<String> labels) {
        Map<String, Object> entries = new HashMap<>();
        batch.forEach((key, value) -> entries.put(key instanceof byte[] bytes ? new String(bytes, StandardCharsets.ISO_8859_1) : "" + key, value));
        if (!(entries.get("data") instanceof ByteArray data) || data.bytes == null || data.rows < 1 || data.bytes.length % data.rows != 0) {
            throw new IllegalArgumentException("it has no array 'data'; its entries are " + entries.keySet());
        }
        int image = data.bytes.length / data.rows;
        int record = labels.size() + image;
        byte[] records = new byte[Math.multiplyExact(data.rows, record)];
        for (int l = 0; l < labels.size(); l++) {
            if (!(entries.get(labels.get(l)) instanceof List<?> list) || list.size() != data.rows) {
                throw new IllegalArgumentException("it has no list '" + labels.get(l) + "' of " + data.rows + " labels; its entries are " + entries.keySet());
            }
            for (int i = 0; i < data.rows; i++) {
                if (!(list.get(i) instanceof Integer label) || label < 0 || label > 255) {
                    throw new IllegalArgumentException("the label of image " + i + " is " + list.get(i));
                }
                records[i * record + l] = label.byteValue();
            }
        }
        for (int i = 0; i < data.rows; i++) {
            System.arraycopy(data.bytes, i * image, records, i * record + labels.size(), image);
        }
        return records;
    }

    @Override
    protected Object dispatch(short opcode) throws IOException {
        if (++steps > MAX_STEPS) {
            throw new IllegalArgumentException("its pickle takes more than " + MAX_STEPS + " steps");
        }
        switch (opcode) {
            case Opcodes.GLOBAL -> stack.add(known(PickleUtils.readline(input) + "." + PickleUtils.readline(input)));
            case Opcodes.STACK_GLOBAL -> {
                String name = (String) stack.pop();
                stack.add(known(stack.pop() + "." + name));
            }
            case Opcodes.BUILD -> build((Object[]) stack.pop());
            case Opcodes.BINUNICODE, Opcodes.BINSTRING, Opcodes.BINBYTES -> {
                requireDeclaredLength();
                return super.dispatch(opcode);
            }
            case Opcodes.PROTO, Opcodes.FRAME, Opcodes.STOP, Opcodes.MARK, Opcodes.NONE, Opcodes.NEWTRUE, Opcodes.NEWFALSE,
                    Opcodes.BININT, Opcodes.BININT1, Opcodes.BININT2, Opcodes.SHORT_BINUNICODE, Opcodes.SHORT_BINSTRING, Opcodes.SHORT_BINBYTES,
                    Opcodes.TUPLE, Opcodes.EMPTY_TUPLE, Opcodes.TUPLE1, Opcodes.TUPLE2, Opcodes.TUPLE3,
                    Opcodes.EMPTY_DICT, Opcodes.SETITEM, Opcodes.SETITEMS, Opcodes.EMPTY_LIST, Opcodes.APPEND, Opcodes.APPENDS,
                    Opcodes.BINGET, Opcodes.LONG_BINGET, Opcodes.BINPUT, Opcodes.LONG_BINPUT, Opcodes.MEMOIZE, Opcodes.REDUCE -> {
                return super.dispatch(opcode);
            }
            default -> throw new IllegalArgumentException(String.format("its pickle has the opcode 0x%02x, which no batch needs", opcode));
        }
        return NO_RETURN_VALUE;
    }

    private static IObjectConstructor known(String name) {
        IObjectConstructor found = KNOWN.get(name);
        return found != null ? found : (IObjectConstructor) refused(name);
    }

    private static Object refused(String name) {
        throw new IllegalArgumentException("its pickle asks for " + name + ", which is refused: images and labels are all that is read");
    }

    /** @param state of an array: version, shape, dtype, whether in Fortran's order, bytes. Of a dtype: nothing that matters for bytes */
    private void build(Object[] state) {
        if (stack.peek() instanceof ElementKind) {
            return;
        }
        Object[] shape = (Object[]) state[1];
        byte[] bytes = state[4] instanceof String text ? text.getBytes(StandardCharsets.ISO_8859_1) : (byte[]) state[4];
        if (!(state[2] instanceof ElementKind kind && kind.name().equals("u1")) || !Boolean.FALSE.equals(state[3])
                || Arrays.stream(shape).mapToLong(side -> (Integer) side).reduce(1, Math::multiplyExact) != bytes.length) {
            throw new IllegalArgumentException("it has an array " + Arrays.toString(shape) + " that isn't of bytes, row by row");
        }
        ByteArray array = (ByteArray) stack.peek();
        array.rows = (Integer) shape[0];
        array.bytes = bytes;
    }

    /** The library allocates what is declared before it reads. */
    private void requireDeclaredLength() throws IOException {
        input.mark(4);
        int declared = PickleUtils.bytes_to_integer(PickleUtils.readbytes(input, 4));
        if (declared < 0 || declared > input.available()) {
            throw new IllegalArgumentException("its pickle announces " + Integer.toUnsignedString(declared) + " bytes, but " + input.available()
                    + " are left");
        }
        input.reset();
    }
}
