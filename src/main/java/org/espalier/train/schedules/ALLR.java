package org.espalier.train.schedules;

import java.util.OptionalDouble;
import org.espalier.model.Network;
import org.espalier.text.CanonicalText;
import org.espalier.train.Budget;
import org.espalier.train.Schedule;

/**
 * ALLR, adaptive linear learning rate restarting (Zimmer, Spiegel and Pokutta, "How I Learned to Stop Worrying and Love Retraining", ICLR 2023;
 * {@code runners/baseRunner.py} of their repository BIMP): the LLR of {@link BIMP}, but from
 *
 * <pre>
 * clip(max d / sqrt(s), max min(E / E0, 1), max)
 * </pre>
 *
 * where max and E0 are the original schedule's first rate and epochs, E the budget's epochs, d = sqrt(| |W|^2 - |W_p|^2 |) / |W| the relative
 * drop of the norm of all weights and biases by pruning, and s the share of them that pruning took (the code's s is the sparsity that was
 * asked for). So the more a pruning hurt, the higher the
 * rate.
 *
 * @param scaling d / sqrt(s); empty until {@link #resolve} has seen both networks
 */
public record ALLR(StepDecay original, OptionalDouble scaling) implements Schedule {
    private static final String SCALING = "scaling";

    public ALLR {
        if (scaling.isPresent() && !(scaling.getAsDouble() >= 0 && scaling.getAsDouble() < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("the scaling of ALLR is at least 0 and finite, not " + scaling.getAsDouble());
        }
    }

    /** After this original training, for whichever networks. */
    public static ALLR after(StepDecay original) {
        return new ALLR(original, OptionalDouble.empty());
    }

    static ALLR parse(CanonicalText fields) {
        OptionalDouble scaling = fields.has(SCALING) ? OptionalDouble.of(fields.real(SCALING, 0)) : OptionalDouble.empty();
        return new ALLR(StepDecay.parse(fields), scaling);
    }

    /** @throws IllegalArgumentException when nothing was pruned, which leaves no drop to go by */
    @Override
    public ALLR resolve(Network dense, Network pruned) {
        PruningDrop drop = PruningDrop.of(dense, pruned);
        if (!(drop.share() > 0)) {
            throw new IllegalArgumentException("ALLR goes by what pruning took, and of " + dense + " it took nothing; LLR needs no pruning");
        }
        return new ALLR(original, OptionalDouble.of(drop.relativeNorm() / Math.sqrt(drop.share())));
    }

    /** @throws IllegalStateException when this doesn't know the networks yet */
    @Override
    public double learningRate(long step, Budget budget) {
        long up = BIMP.warmUp(budget);
        return step < up ? Schedule.cosine(0, peak(budget), (double) step / up)
                : peak(budget) * (1 - (double) (step - up) / (budget.steps() - up));
    }

    private double peak(Budget budget) {
        double wanted = original.maxRate() * scaling.orElseThrow(() -> new IllegalStateException("the rate of ALLR depends on what pruning took: "
                + "say it with resolve(original, pruned); a sweep does so by itself"));
        double least = original.maxRate() * Math.min(1, (double) budget.epochs() / original.epochs());
        return Math.min(original.maxRate(), Math.max(least, wanted));
    }

    @Override
    public String text() {
        String text = original.text("allr");
        return scaling.isPresent() ? text + " " + SCALING + "=" + scaling.getAsDouble() : text;
    }
}
