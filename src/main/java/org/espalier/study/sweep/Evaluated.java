package org.espalier.study.sweep;

import java.util.Locale;
import java.util.function.IntPredicate;

/**
 * When a sweep's trainings are evaluated. It is a setting of the execution: it is in no id, and the accuracies after the budgets are the same
 * bit for bit either way.
 */
public enum Evaluated {
    /** After every epoch: rows have a best epoch, histories a curve. It costs about a quarter of a run of 20,000 images with 10,000 test images. */
    EPOCHS,
    /** After the budgets that are asked for, and after the last epoch: rows have no best epoch. */
    BUDGETS;

    /** Of the training that a job does. */
    IntPredicate epochs(Job job) {
        return epoch -> this == EPOCHS || job.specs().stream().anyMatch(spec -> spec.epochs() == epoch);
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
