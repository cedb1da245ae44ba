package org.espalier.train.schedules;

import org.espalier.model.Network;
import org.espalier.text.ClassText;
import org.espalier.train.Budget;
import org.espalier.train.Schedule;

/** A schedule with a label of its own. */
public record Labelled(String label, Schedule rates) implements Schedule {

    public Labelled {
        if (label.isBlank()) {
            throw new IllegalArgumentException("a label says something, unlike '" + label + "'");
        }
    }

    @Override
    public double learningRate(long step, Budget budget) {
        return rates.learningRate(step, budget);
    }

    @Override
    public double momentum(long step, Budget budget) {
        return rates.momentum(step, budget);
    }

    @Override
    public boolean dependsOnBudget() {
        return rates.dependsOnBudget();
    }

    @Override
    public Schedule resolve(Network original, Network pruned) {
        return new Labelled(label, rates.resolve(original, pruned));
    }

    @Override
    public String text() {
        throw ClassText.unnamed("schedule", "labelled '" + label + "'");
    }
}
