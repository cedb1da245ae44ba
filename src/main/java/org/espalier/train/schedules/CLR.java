package org.espalier.train.schedules;

import org.espalier.text.CanonicalText;
import org.espalier.train.Budget;
import org.espalier.train.Schedule;

/**
 * CLR, cyclic learning rate restarting: one cycle. For T steps, with up = warmUp T - 1 and down = T - up - 1,
 *
 * <pre>
 * eta(t) = cosine from baseRate to maxRate at t / up               for t &lt; up
 *          cosine from maxRate to finalRate at (t - up) / down     else
 * </pre>
 *
 * where a cosine from a to b at p is b + (a - b) / 2 (1 + cos(pi p)). Momentum goes the other way, .95 to .85 to .95. The rate changes at
 * every step, and the step counts are those of PyTorch's OneCycleLR (Smith and Topin 2017; "Network Pruning That Matters", section 3;
 * {@code --use_onecycle} of its {@code main_finetune.py}, whose end at 1e-5 and cycling momentum the text leaves out).
 *
 * @param finalRate     at the last step
 * @param warmUp        fraction of the steps that go up
 * @param cycleMomentum whether momentum falls from .95 to .85 at the peak and rises again; else it is .9, as with the code's {@code --use_cosine}
 */
public record CLR(double baseRate, double maxRate, double finalRate, double warmUp, boolean cycleMomentum) implements Schedule {
    private static final CLR OF_PAPER = new CLR(.001, .1, 1e-5, .1, true);

    public CLR {
        Schedule.requirePositive(baseRate, maxRate, finalRate);
        if (!(warmUp >= 0 && warmUp < 1)) {
            throw new IllegalArgumentException("the warm-up lies in [0, 1), not " + warmUp);
        }
    }

    /** CIFAR and ImageNet alike. */
    public static CLR ofPaper() {
        return OF_PAPER;
    }

    /** The same with a constant momentum of .9. */
    public CLR withConstantMomentum() {
        return new CLR(baseRate, maxRate, finalRate, warmUp, false);
    }

    public CLR withMaxRate(double other) {
        return new CLR(baseRate, other, finalRate, warmUp, cycleMomentum);
    }

    public CLR withFinalRate(double other) {
        return new CLR(baseRate, maxRate, other, warmUp, cycleMomentum);
    }

    static CLR parse(CanonicalText fields) {
        return new CLR(fields.real("lowest", OF_PAPER.baseRate), fields.real("highest", OF_PAPER.maxRate), fields.real("last", OF_PAPER.finalRate),
                fields.real("warmUp", OF_PAPER.warmUp), fields.flag("cycleMomentum", OF_PAPER.cycleMomentum));
    }

    @Override
    public double learningRate(long step, Budget budget) {
        return along(step, budget, baseRate, maxRate, finalRate);
    }

    @Override
    public double momentum(long step, Budget budget) {
        return cycleMomentum ? along(step, budget, .95, .85, .95) : .9;
    }

    private double along(long step, Budget budget, double start, double peak, double end) {
        double up = warmUp * budget.steps() - 1;
        double down = budget.steps() - up - 1;
        if (step < up) {
            return Schedule.cosine(start, peak, step / up);
        }
        // A budget of a few steps has its peak before the first of them.
        return Schedule.cosine(peak, end, down > 0 ? Math.min(1, (step - up) / down) : 1);
    }

    @Override
    public String text() {
        return new CanonicalText("clr").add("lowest", baseRate, OF_PAPER.baseRate).add("highest", maxRate, OF_PAPER.maxRate)
                .add("last", finalRate, OF_PAPER.finalRate).add("warmUp", warmUp, OF_PAPER.warmUp)
                .add("cycleMomentum", cycleMomentum, OF_PAPER.cycleMomentum).toString();
    }
}
