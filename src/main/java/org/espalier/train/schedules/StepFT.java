package org.espalier.train.schedules;

import java.util.List;
import org.espalier.text.CanonicalText;
import org.espalier.train.Budget;
import org.espalier.train.Schedule;

/**
 * FT in steps: in epoch e of E, eta = maxRate factor^(number of k with e &gt;= int(drop_k E)), without a warm-up. At 0.01 it is the baseline
 * that "Network Pruning That Matters" lacks: Wang et al. 2023, "Why is the State of Neural Network Pruning so Confusing?", fine-tune 120 epochs
 * on CIFAR with {@code --lr_ft 0:0.01,60:0.001,90:0.0001}, which is {@link #ofWang}.
 *
 * @param drops fractions of the budget, ascending
 */
public record StepFT(double maxRate, double factor, List<Double> drops) implements Schedule {
    private static final StepFT OF_WANG = new StepFT(.01, .1, List.of(.5, .75));

    public StepFT {
        drops = List.copyOf(drops);
        Schedule.requirePositive(maxRate);
        SLR.requireDrops(factor, drops);
    }

    /** 0.01, a tenth of it at half of the epochs and again at three quarters. */
    public static StepFT ofWang() {
        return OF_WANG;
    }

    static StepFT parse(CanonicalText fields) {
        return new StepFT(fields.real("highest", OF_WANG.maxRate), fields.real("factor", OF_WANG.factor), fields.reals("drops", OF_WANG.drops));
    }

    @Override
    public double learningRate(long step, Budget budget) {
        int epoch = budget.epochOf(step);
        return maxRate * Math.pow(factor, (double) drops.stream().filter(drop -> epoch >= Math.max(1, (int) (drop * budget.epochs()))).count());
    }

    @Override
    public String label() {
        return "FT in steps at " + maxRate;
    }

    @Override
    public String text() {
        return new CanonicalText("ft-step").add("highest", maxRate, OF_WANG.maxRate).add("factor", factor, OF_WANG.factor)
                .add("drops", drops, OF_WANG.drops).toString();
    }
}
