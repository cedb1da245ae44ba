package org.espalier.report;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.espalier.model.GraphNode;
import org.espalier.model.Network;
import org.espalier.model.loading.Networks;

/** A network in ONNX Runtime, on its CPU with its usual settings. The library is optional: without it, naming this class is a LinkageError. */
public final class OnnxSession implements AutoCloseable {
    private final OrtSession session;

    private OnnxSession(OrtSession session) {
        this.session = session;
    }

    /** Saves the network as ONNX and opens what was saved. */
    public static OnnxSession of(Network network) {
        try {
            Path file = Files.createTempFile("espalier", ".onnx");
            try {
                Networks.save(network, file);
                return new OnnxSession(OrtEnvironment.getEnvironment().createSession(file.toString()));
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (OrtException e) {
            throw new IllegalStateException("ONNX Runtime refuses " + network.architecture().text() + ": " + e.getMessage(), e);
        }
    }

    /**
     * Logits, row by row.
     *
     * @param shape of the images: [N, C, H, W]
     */
    public float[][] logits(FloatBuffer images, long... shape) {
        try (OnnxTensor batch = OnnxTensor.createTensor(OrtEnvironment.getEnvironment(), images, shape);
                OrtSession.Result outputs = session.run(Map.of(GraphNode.INPUT, batch))) {
            return (float[][]) outputs.get(0).getValue();
        } catch (OrtException e) {
            throw new IllegalStateException("ONNX Runtime can't compute this: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException e) {
            throw new IllegalStateException(e);
        }
    }
}
