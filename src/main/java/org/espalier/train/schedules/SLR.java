package org.espalier.train.schedules;

import java.util.List;
import org.espalier.text.CanonicalText;
import org.espalier.train.Budget;
import org.espalier.train.Schedule;

/**
 * SLR, scaled learning rate restarting: the original schedule squeezed into the budget of E epochs. With W = int(warmUp E) and d_k =
 * int(drop_k (1 - warmUp) E),
 *
 * <pre>
 * eta(e) = cosine from baseRate to maxRate at e / W       for e &lt; W
 *          maxRate factor^(number of k with e &gt;= W + d_k)  for e &gt;= W
 * </pre>
 *
 * The rate changes between epochs only, and the warm-up is cosine-shaped ("Network Pruning That Matters", section 3; {@code --use_llr} of its
 * {@code main_finetune.py}). The authors' code calls this schedule "llr", for large learning rate restarting: our {@link LLR} is another
 * one, that of Zimmer et al.
 *
 * @param warmUp fraction of the budget's epochs; 0 starts at {@code maxRate}
 * @param drops  fractions of the remaining epochs, ascending
 */
public record SLR(double baseRate, double maxRate, double warmUp, double factor, List<Double> drops) implements Schedule {
    private static final SLR OF_PAPER = new SLR(.001, .1, .1, .1, List.of(.5, .75));

    public SLR {
        drops = List.copyOf(drops);
        Schedule.requirePositive(baseRate, maxRate);
        if (!(warmUp >= 0 && warmUp < 1)) {
            throw new IllegalArgumentException("the warm-up lies in [0, 1), not " + warmUp);
        }
        requireDrops(factor, drops);
    }

    static void requireDrops(double factor, List<Double> drops) {
        if (!(factor > 0 && factor < 1)) {
            throw new IllegalArgumentException("the factor of a drop lies in (0, 1), not " + factor);
        }
        if (!drops.stream().sorted().toList().equals(drops) || drops.stream().anyMatch(drop -> !(drop >= 0 && drop <= 1))) {
            throw new IllegalArgumentException("drops are ascending fractions in [0, 1], unlike " + drops);
        }
    }

    /** On CIFAR: drops at 50 % and 75 % of what follows the warm-up. */
    public static SLR ofPaper() {
        return OF_PAPER;
    }

    /** On ImageNet: drops at 33 % and 66 %. */
    public static SLR imageNet() {
        return new SLR(OF_PAPER.baseRate, OF_PAPER.maxRate, OF_PAPER.warmUp, OF_PAPER.factor, List.of(.33, .66));
    }

    static SLR parse(CanonicalText fields) {
        return new SLR(fields.real("lowest", OF_PAPER.baseRate), fields.real("highest", OF_PAPER.maxRate),
                fields.real("warmUp", OF_PAPER.warmUp), fields.real("factor", OF_PAPER.factor), fields.reals("drops", OF_PAPER.drops));
    }

    @Override
    public double learningRate(long step, Budget budget) {
        int epoch = budget.epochOf(step);
        int warm = (int) (warmUp * budget.epochs());
        if (epoch < warm) {
            return Schedule.cosine(baseRate, maxRate, (double) epoch / warm);
        }
        // In the order of the paper's code, whose truncations depend on it.
        long dropped = drops.stream().filter(drop -> epoch >= warm + Math.max(1, (int) (drop * (1 - warmUp) * budget.epochs()))).count();
        return maxRate * Math.pow(factor, (double) dropped);
    }

    @Override
    public String text() {
        return new CanonicalText("slr").add("lowest", baseRate, OF_PAPER.baseRate).add("highest", maxRate, OF_PAPER.maxRate)
                .add("warmUp", warmUp, OF_PAPER.warmUp).add("factor", factor, OF_PAPER.factor).add("drops", drops, OF_PAPER.drops).toString();
    }
}
