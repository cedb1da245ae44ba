package org.espalier.method;

import java.util.ArrayList;
import java.util.List;
import org.espalier.model.Architecture;
import org.espalier.model.Network;
import org.espalier.prune.Plan;
import org.espalier.prune.Pruning;
import org.espalier.text.CanonicalText;
import org.espalier.train.Run;

/**
 * Prunes in rounds: each applies the plan to what the one before left, and retrains it by the schedule of the retraining, which itself follows the
 * last round. The paper has 8 rounds of the plan R56-I or R110-I with 40 epochs each, each from the last weights of the round before.
 *
 * @param rounds of pruning; 1 is one-shot
 * @param epochsPerRound after each round but the last
 */
public record Iterative(int rounds, int epochsPerRound) implements Method {

    public Iterative {
        if (rounds < 1 || epochsPerRound < 1) {
            throw new IllegalArgumentException("there is at least 1 round, with at least 1 epoch behind it, not " + rounds + " and " + epochsPerRound);
        }
    }

    static Iterative parse(CanonicalText fields) {
        return new Iterative(fields.number("rounds", 8), fields.number("epochs", 40));
    }

    @Override
    public MethodResult run(MethodContext context) {
        List<Run> trainings = new ArrayList<>();
        Network network = context.original();
        for (int round = 1;; round++) {
            Network pruned = Pruning.prune(network, context.plan(), context.criterion(), context.calibration(network));
            if (round == rounds) {
                return new MethodResult(pruned, List.of(), trainings, List.of());
            }
            Run run = context.train(pruned, context.schedule().resolve(network, pruned), epochsPerRound, context.recipe());
            trainings.add(run);
            network = run.network();
        }
    }

    @Override
    public int epochs() {
        return (rounds - 1) * epochsPerRound;
    }

    /** Of a plan whose widths only scores decide, rounds of the original network, which is more than they are. */
    @Override
    public List<Phase> phases(Architecture original, Plan plan) {
        if (plan.needsScores()) {
            return Method.super.phases(original, plan);
        }
        List<Phase> phases = new ArrayList<>();
        Architecture left = original;
        for (int round = 1; round < rounds; round++) {
            left = plan.pruned(left);
            phases.add(new Phase(left, epochsPerRound));
        }
        return phases;
    }

    @Override
    public String text() {
        return new CanonicalText("iterative").add("rounds", rounds, 8).add("epochs", epochsPerRound, 40).toString();
    }
}
