package org.espalier.train;

import org.espalier.text.CanonicalText;

/**
 * The learning rate and the momentum at every step of a budget: pure functions, plottable without a network. The formulas are those of the
 * code of "Network Pruning That Matters" (ICLR 2021), where it differs from the text.
 */
public sealed interface Schedule permits FT, LRW, SLR, CLR, StepDecay, LLR, CosineDecay {

    /** @param step 0-based, below {@code budget.steps()} */
    double learningRate(long step, Budget budget);

    default double momentum(long step, Budget budget) {
        return .9;
    }

    /** Whether a longer budget changes the rate of the first steps. Where it doesn't, one long run is also every shorter one. */
    default boolean dependsOnBudget() {
        return true;
    }

    /** Short, for legends: FT, LRW, SLR, CLR. */
    String label();

    /** Canonical, and what {@link #parse} reads. */
    String text();

    static Schedule parse(String text) {
        var fields = CanonicalText.parse(text);
        Schedule schedule = switch (fields.name()) {
            case "ft" -> FT.parse(fields);
            case "lrw" -> new LRW(StepDecay.parse(fields));
            case "slr" -> SLR.parse(fields);
            case "clr" -> CLR.parse(fields);
            case "step" -> StepDecay.parse(fields);
            case "llr" -> LLR.parse(fields);
            case "cosine" -> CosineDecay.parse(fields);
            default -> throw new IllegalArgumentException("'" + text + "' is no schedule; known are ft, lrw, slr, clr, step, llr and cosine");
        };
        fields.requireNoneLeft();
        return schedule;
    }

    /** Half a cosine from {@code from} (progress 0) to {@code to} (progress 1). */
    static double cosine(double from, double to, double progress) {
        return to + (from - to) / 2 * (1 + Math.cos(Math.PI * progress));
    }

    static void requirePositive(double... rates) {
        for (double rate : rates) {
            if (!(rate > 0 && rate <= 100)) {
                throw new IllegalArgumentException("a learning rate is above 0 and at most 100, not " + rate);
            }
        }
    }
}
