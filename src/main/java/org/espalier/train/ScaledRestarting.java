package org.espalier.train;

import java.util.List;
import org.espalier.text.CanonicalText;

/**
 * SLR: the original schedule squeezed into the budget. A cosine-shaped warm-up from the lowest to the highest rate over the first epochs,
 * then a drop by a factor at each fraction of the epochs that remain. The rate changes between epochs only.
 *
 * @param warmUp fraction of the budget's epochs; 0 starts at the highest rate
 * @param drops  fractions of the remaining epochs, ascending
 */
public record ScaledRestarting(double lowest, double highest, double warmUp, double factor, List<Double> drops) implements Schedule {
    private static final ScaledRestarting USUAL = new ScaledRestarting(.001, .1, .1, .1, List.of(.5, .75));

    public ScaledRestarting {
        drops = List.copyOf(drops);
        Schedule.requirePositive(lowest, highest);
        if (!(warmUp >= 0 && warmUp < 1) || !(factor > 0 && factor < 1)) {
            throw new IllegalArgumentException("the warm-up lies in [0, 1) and the factor in (0, 1), not " + warmUp + " and " + factor);
        }
        if (!drops.stream().sorted().toList().equals(drops) || drops.stream().anyMatch(drop -> !(drop >= 0 && drop <= 1))) {
            throw new IllegalArgumentException("drops are ascending fractions in [0, 1], unlike " + drops);
        }
    }

    /** CIFAR: drops at 50 % and 75 % of what follows the warm-up. */
    public static ScaledRestarting cifar() {
        return USUAL;
    }

    /** ImageNet: drops at 33 % and 66 %. */
    public static ScaledRestarting imageNet() {
        return new ScaledRestarting(USUAL.lowest, USUAL.highest, USUAL.warmUp, USUAL.factor, List.of(.33, .66));
    }

    static ScaledRestarting parse(CanonicalText fields) {
        return new ScaledRestarting(fields.real("lowest", USUAL.lowest), fields.real("highest", USUAL.highest),
                fields.real("warmUp", USUAL.warmUp), fields.real("factor", USUAL.factor), fields.reals("drops", USUAL.drops));
    }

    @Override
    public double learningRate(long step, Budget budget) {
        int epoch = budget.epochOf(step);
        int warm = (int) (warmUp * budget.epochs());
        if (epoch < warm) {
            return Schedule.cosine(lowest, highest, (double) epoch / warm);
        }
        // In the order of the paper's code, whose truncations depend on it.
        long dropped = drops.stream().filter(drop -> epoch >= warm + Math.max(1, (int) (drop * (1 - warmUp) * budget.epochs()))).count();
        return highest * Math.pow(factor, dropped);
    }

    @Override
    public String label() {
        return "SLR";
    }

    @Override
    public String text() {
        return new CanonicalText("slr").add("lowest", lowest, USUAL.lowest).add("highest", highest, USUAL.highest)
                .add("warmUp", warmUp, USUAL.warmUp).add("factor", factor, USUAL.factor).add("drops", drops, USUAL.drops).toString();
    }
}
