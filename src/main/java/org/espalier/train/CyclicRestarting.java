package org.espalier.train;

import org.espalier.text.CanonicalText;

/**
 * CLR: one cycle. Half a cosine up from the lowest to the highest rate, half a cosine down to far below the lowest; momentum runs the other
 * way. The rate changes at every step. The step counts are PyTorch's OneCycleLR's.
 *
 * @param last          the rate at the last step
 * @param warmUp        fraction of the steps that go up
 * @param cycleMomentum whether momentum falls from .95 to .85 at the peak and rises again; else it is .9
 */
public record CyclicRestarting(double lowest, double highest, double last, double warmUp, boolean cycleMomentum) implements Schedule {
    private static final CyclicRestarting USUAL = new CyclicRestarting(.001, .1, 1e-5, .1, true);

    public CyclicRestarting {
        Schedule.requirePositive(lowest, highest, last);
        if (!(warmUp >= 0 && warmUp < 1)) {
            throw new IllegalArgumentException("the warm-up lies in [0, 1), not " + warmUp);
        }
    }

    /** CIFAR and ImageNet alike. */
    public static CyclicRestarting usual() {
        return USUAL;
    }

    /** The same with a constant momentum of .9. */
    public CyclicRestarting withConstantMomentum() {
        return new CyclicRestarting(lowest, highest, last, warmUp, false);
    }

    public CyclicRestarting withHighest(double other) {
        return new CyclicRestarting(lowest, other, last, warmUp, cycleMomentum);
    }

    public CyclicRestarting withLast(double other) {
        return new CyclicRestarting(lowest, highest, other, warmUp, cycleMomentum);
    }

    static CyclicRestarting parse(CanonicalText fields) {
        return new CyclicRestarting(fields.real("lowest", USUAL.lowest), fields.real("highest", USUAL.highest), fields.real("last", USUAL.last),
                fields.real("warmUp", USUAL.warmUp), fields.flag("cycleMomentum", USUAL.cycleMomentum));
    }

    @Override
    public double learningRate(long step, Budget budget) {
        return along(step, budget, lowest, highest, last);
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
    public String label() {
        return "CLR";
    }

    @Override
    public String text() {
        return new CanonicalText("clr").add("lowest", lowest, USUAL.lowest).add("highest", highest, USUAL.highest).add("last", last, USUAL.last)
                .add("warmUp", warmUp, USUAL.warmUp).add("cycleMomentum", cycleMomentum, USUAL.cycleMomentum).toString();
    }
}
