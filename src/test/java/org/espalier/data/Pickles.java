package org.espalier.data;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Writes pickles of protocol 2 as Python 2, which the official CIFAR files come from, or as Python 3. */
final class Pickles {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final boolean ofPython3;

    private Pickles(boolean ofPython3) {
        this.ofPython3 = ofPython3;
        op(0x80, 2);
    }

    /** {@code {'labels': [...], 'data': array}} of records that begin with a label. */
    static byte[] batch(byte[] records, int length, boolean ofPython3) throws IOException {
        Pickles pickle = new Pickles(ofPython3);
        int images = records.length / length;
        pickle.op('}', '(');
        pickle.text("labels");
        pickle.op(']', '(');
        for (int i = 0; i < images; i++) {
            pickle.op('K', records[i * length]);
        }
        pickle.op('e');
        pickle.text("data");
        pickle.global(ofPython3 ? "numpy._core.multiarray" : "numpy.core.multiarray", "_reconstruct");
        pickle.global("numpy", "ndarray");
        pickle.op('K', 0, 0x85);
        pickle.text("b");
        pickle.op(0x87, 'R', '(', 'K', 1, 'K', images, 'M', (length - 1) & 0xff, length - 1 >> 8, 0x86);
        pickle.global("numpy", "dtype");
        pickle.text("u1");
        pickle.op('K', 0, 'K', 1, 0x87, 'R', '(', 'K', 3);
        pickle.text("|");
        pickle.op('N', 'N', 'N', 'K', 0, 'K', 0, 'K', 0, 't', 'b', 0x89);
        byte[] pixels = new byte[images * (length - 1)];
        for (int i = 0; i < images; i++) {
            System.arraycopy(records, i * length + 1, pixels, i * (length - 1), length - 1);
        }
        pickle.bytes(pixels);
        pickle.op('t', 'b', 'u', '.');
        return pickle.out.toByteArray();
    }

    /** A pickle that calls something. */
    static byte[] call(String module, String name, String argument) throws IOException {
        Pickles pickle = new Pickles(true);
        pickle.global(module, name);
        pickle.text(argument);
        pickle.op(0x85, 'R', '.');
        return pickle.out.toByteArray();
    }

    private void op(int... bytes) {
        for (int b : bytes) {
            out.write(b);
        }
    }

    private void global(String module, String name) throws IOException {
        op('c');
        out.write((module + "\n" + name + "\n").getBytes(StandardCharsets.US_ASCII));
    }

    private void text(String text) throws IOException {
        if (ofPython3) {
            unicode(text);
        } else {
            op('U', text.length());
            out.write(text.getBytes(StandardCharsets.US_ASCII));
        }
    }

    private void bytes(byte[] bytes) throws IOException {
        if (ofPython3) {
            global("_codecs", "encode");
            unicode(new String(bytes, StandardCharsets.ISO_8859_1));
            unicode("latin1");
            op(0x86, 'R');
        } else {
            op('T');
            out.write(length(bytes.length));
            out.write(bytes);
        }
    }

    private void unicode(String text) throws IOException {
        byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
        op('X');
        out.write(length(encoded.length));
        out.write(encoded);
    }

    private static byte[] length(int length) {
        return ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(length).array();
    }
}
