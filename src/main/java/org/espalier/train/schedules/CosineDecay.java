package org.espalier.train.schedules;

import org.espalier.text.CanonicalText;
import org.espalier.train.Budget;
import org.espalier.train.Schedule;

/**
 * Half a cosine down: for T steps, eta(t) = cosine from maxRate to finalRate at t / (T - 1) (Loshchilov and Hutter 2017, without restarts). No
 * warm-up, constant momentum. Not in the paper.
 */
public record CosineDecay(double maxRate, double finalRate) implements Schedule {
    private static final CosineDecay STANDARD = new CosineDecay(.1, 1e-5);

    public CosineDecay {
        Schedule.requirePositive(maxRate, finalRate);
    }

    /** Between the rates of the paper's {@link CLR}. */
    public static CosineDecay standard() {
        return STANDARD;
    }

    static CosineDecay parse(CanonicalText fields) {
        return new CosineDecay(fields.real("highest", STANDARD.maxRate), fields.real("last", STANDARD.finalRate));
    }

    @Override
    public double learningRate(long step, Budget budget) {
        return Schedule.cosine(maxRate, finalRate, budget.steps() == 1 ? 0 : step / (budget.steps() - 1.));
    }

    @Override
    public String label() {
        return "cosine";
    }

    @Override
    public String text() {
        return new CanonicalText("cosine").add("highest", maxRate, STANDARD.maxRate).add("last", finalRate, STANDARD.finalRate).toString();
    }
}
