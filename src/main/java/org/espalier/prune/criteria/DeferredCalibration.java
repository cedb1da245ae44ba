package org.espalier.prune.criteria;

import java.util.function.Supplier;
import org.espalier.model.Tensor;
import org.espalier.model.Weights;
import org.espalier.prune.Calibration;

/** A calibration that is made at the first question: most criteria never ask. */
public final class DeferredCalibration implements Calibration {
    private final Supplier<Calibration> supplier;
    private Calibration made;

    public DeferredCalibration(Supplier<Calibration> supplier) {
        this.supplier = supplier;
    }

    private synchronized Calibration made() {
        if (made == null) {
            made = supplier.get();
        }
        return made;
    }

    @Override
    public int batches() {
        return made().batches();
    }

    @Override
    public Weights gradients(int batch) {
        return made().gradients(batch);
    }

    @Override
    public Tensor activations(String node, int batch) {
        return made().activations(node, batch);
    }
}
