package org.espalier.train.schedules;

import java.util.List;
import org.espalier.text.CanonicalText;
import org.espalier.train.Budget;
import org.espalier.train.Schedule;

/**
 * The schedule of an original training: in epoch e, eta = maxRate factor^(number of milestones up to e). It has its own number of epochs, and
 * the other schedules are said in its terms.
 *
 * @param milestones 0-based epochs at whose start the rate drops, ascending
 */
public record StepDecay(int epochs, double maxRate, double factor, List<Integer> milestones) implements Schedule {

    public StepDecay {
        milestones = List.copyOf(milestones);
        Schedule.requirePositive(maxRate);
        if (epochs < 1 || !(factor > 0 && factor < 1)) {
            throw new IllegalArgumentException("at least one epoch and a factor between 0 and 1 are needed, not " + epochs + " and " + factor);
        }
        if (!milestones.stream().sorted().toList().equals(milestones) || milestones.stream().anyMatch(m -> m < 0 || m > 1_000_000)) {
            throw new IllegalArgumentException("milestones ascend from 0, unlike " + milestones);
        }
    }

    /** The paper's CIFAR training, 160 epochs and drops at 80 and 120, or its image in another number of epochs, of which the first has the highest rate. */
    public static StepDecay cifar(int epochs) {
        return new StepDecay(epochs, .1, .1, List.of(Math.max(1, (int) (.5 * epochs)), Math.max(1, (int) (.75 * epochs))));
    }

    public static StepDecay cifar() {
        return cifar(160);
    }

    /** 90 epochs, drops at 30 and 60. */
    public static StepDecay imageNet() {
        return new StepDecay(90, .1, .1, List.of(30, 60));
    }

    static StepDecay parse(CanonicalText fields) {
        StepDecay usual = cifar(fields.number("epochs", 160));
        return new StepDecay(usual.epochs, fields.real("highest", usual.maxRate), fields.real("factor", usual.factor),
                fields.numbers("milestones", usual.milestones));
    }

    /** The rate in an epoch of this schedule's own; epochs past its end have the last rate. */
    public double learningRate(int epoch) {
        long drops = milestones.stream().filter(milestone -> milestone <= epoch).count();
        return maxRate * Math.pow(factor, (double) drops);
    }

    /** The rate of the last epoch. */
    public double finalRate() {
        return learningRate(epochs - 1);
    }

    @Override
    public double learningRate(long step, Budget budget) {
        return learningRate(budget.epochOf(step));
    }

    @Override
    public boolean dependsOnBudget() {
        return false;
    }

    @Override
    public String label() {
        return "step";
    }

    @Override
    public String text() {
        return text("step");
    }

    String text(String name) {
        StepDecay usual = cifar(epochs);
        return new CanonicalText(name).add("epochs", epochs, 160).add("highest", maxRate, usual.maxRate)
                .add("factor", factor, usual.factor).add("milestones", milestones, usual.milestones).toString();
    }
}
