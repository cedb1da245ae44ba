package org.espalier.method;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.espalier.model.Network;
import org.espalier.text.CanonicalText;
import org.espalier.train.Run;

/**
 * Unstructured pruning in rounds: each sets weights of all convolutions to zero until a ratio of them is, and retrains what is left by the schedule
 * of the retraining, which itself follows the last round. What is zero stays zero. The paper's rounds take 30 % of what is left, with 40 epochs each.
 *
 * @param ratios         of all the convolutions' weights that are zero after each round, ascending
 * @param epochsPerRound after each round but the last
 */
public record IterativeWeights(List<Double> ratios, int epochsPerRound, UnstructuredPruning.Ranking ranking) implements Method {
    /** Section C.5 of the paper's code. */
    private static final List<Double> OF_PAPER = List.of(.3, .51, .66, .76, .83, .88, .92, .94, .96);

    public IterativeWeights {
        ratios = List.copyOf(ratios);
        if (ratios.isEmpty() || epochsPerRound < 1) {
            throw new IllegalArgumentException("there is at least 1 round, with at least 1 epoch behind it, not " + ratios.size() + " and " + epochsPerRound);
        }
        for (int round = 0; round < ratios.size(); round++) {
            double before = round == 0 ? 0 : ratios.get(round - 1);
            if (!(ratios.get(round) > before && ratios.get(round) < 1)) {
                throw new IllegalArgumentException("ratios of weights that are zero ascend from round to round in (0, 1), unlike " + ratios);
            }
        }
    }

    static IterativeWeights parse(CanonicalText fields) {
        return new IterativeWeights(fields.reals("ratios", OF_PAPER), fields.number("epochs", 40),
                fields.choice("ranking", UnstructuredPruning.Ranking.class, UnstructuredPruning.Ranking.MAGNITUDE));
    }

    @Override
    public MethodResult run(MethodContext context) {
        context.requireFound("iterative-weights");
        List<Run> trainings = new ArrayList<>();
        Network network = context.original();
        for (int round = 0;; round++) {
            WeightMask mask = new UnstructuredPruning(ratios.get(round), ranking).mask(network, context.recipe().seed(), round);
            Network masked = mask.on(network);
            if (round == ratios.size() - 1) {
                return new MethodResult(masked, List.of(mask), trainings, List.of());
            }
            Run run = context.train(masked, context.schedule().resolve(network, masked), epochsPerRound, context.recipe(), mask);
            trainings.add(run);
            network = run.network();
        }
    }

    @Override
    public int epochs() {
        return (ratios.size() - 1) * epochsPerRound;
    }

    @Override
    public String text() {
        return new CanonicalText("iterative-weights").add("ratios", ratios, OF_PAPER).add("epochs", epochsPerRound, 40)
                .add("ranking", ranking.name().toLowerCase(Locale.ROOT), "magnitude").toString();
    }
}
