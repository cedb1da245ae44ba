package org.espalier.method;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.apache.commons.math3.random.RandomGenerator;
import org.espalier.model.Network;
import org.espalier.model.Op;
import org.espalier.model.Tensor;
import org.espalier.model.Weights;
import org.espalier.prune.Criterion;
import org.espalier.prune.Plan;
import org.espalier.random.Randomness;
import org.espalier.text.CanonicalText;
import org.espalier.train.Run;

/**
 * Unstructured pruning over all convolutions together: weights of a magnitude up to the value at index int(total ratio) of all in ascending order
 * become zero, and stay zero through the retraining. Linear layers, batch norms and biases are left alone (the paper's code).
 *
 * <p>In rounds, each sets the same share of what the one before left to zero and trains by the schedule of the retraining, which itself follows the
 * last round; the paper has 9 rounds of 30 % with 40 epochs each, which is {@code magnitude ratio=0.96 rounds=9}.
 *
 * <p>The plan is {@code found}; widths, parameters and multiply-adds of a result are those of the dense network, whose weights are zero in places.
 *
 * @param ratio   of the weights to set to zero, in (0, 1)
 * @param ranking by magnitude, by LAMP, or by chance among those that aren't zero already
 * @param rounds  1 is one-shot
 * @param epochsPerRound after each round but the last
 * @param rewind  epoch of the original training whose weights those that stay get back in each round, as in the search for lottery tickets
 *                (Frankle et al., "Stabilizing the Lottery Ticket Hypothesis", 2019; Renda, Frankle and Carbin, 2020); empty to go on with what they are
 */
public record UnstructuredPruning(double ratio, Ranking ranking, int rounds, int epochsPerRound, OptionalInt rewind) implements Method {

    /** What a weight is worth. */
    public enum Ranking {
        /** |w|. */
        MAGNITUDE("magnitude") {
            @Override
            void score(float[] weights, RandomGenerator random) {
                for (int i = 0; i < weights.length; i++) {
                    weights[i] = Math.abs(weights[i]);
                }
            }
        },
        /**
         * w^2 over the sum of the squares of all weights of its layer that aren't smaller, so that no layer is emptied (Lee et al., "Layer-adaptive
         * Sparsity for the Magnitude-based Pruning", 2021).
         */
        LAMP("lamp") {
            @Override
            void score(float[] weights, RandomGenerator random) {
                Integer[] largestFirst = IntStream.range(0, weights.length).boxed().sorted((a, b) -> Float.compare(Math.abs(weights[b]), Math.abs(weights[a])))
                        .toArray(Integer[]::new);
                double sum = 0;
                for (int i : largestFirst) {
                    double square = (double) weights[i] * weights[i];
                    sum += square;
                    weights[i] = square == 0 ? 0 : (float) (square / sum);
                }
            }
        },
        /** Uniform in [1, 2), and 0 of a weight that is zero. */
        RANDOM("random-weights") {
            @Override
            void score(float[] weights, RandomGenerator random) {
                for (int i = 0; i < weights.length; i++) {
                    float drawn = 1 + random.nextFloat();
                    weights[i] = weights[i] == 0 ? 0 : drawn;
                }
            }
        };

        private final String text;

        Ranking(String text) {
            this.text = text;
        }

        /** Puts scores in the place of a layer's weights. */
        abstract void score(float[] weights, RandomGenerator random);
    }

    public UnstructuredPruning {
        if (!(ratio > 0 && ratio < 1)) {
            throw new IllegalArgumentException("a ratio of weights to set to zero lies in (0, 1), unlike " + ratio);
        }
        if (rounds < 1 || epochsPerRound < 1) {
            throw new IllegalArgumentException("there is at least 1 round, with at least 1 epoch behind it, not " + rounds + " and " + epochsPerRound);
        }
        if (rewind.isPresent() && rewind.getAsInt() < 0) {
            throw new IllegalArgumentException("there is no epoch " + rewind.getAsInt() + " to go back to");
        }
    }

    static UnstructuredPruning parse(CanonicalText fields, Ranking ranking) {
        if (!fields.has("ratio")) {
            throw new IllegalArgumentException("'" + fields + "' doesn't say the ratio of weights to set to zero, as in '" + ranking.text + " ratio=0.9'");
        }
        return new UnstructuredPruning(fields.real("ratio", 0), ranking, fields.number("rounds", 1), fields.number("epochs", 40),
                fields.has("rewind") ? OptionalInt.of(fields.number("rewind", 0)) : OptionalInt.empty());
    }

    @Override
    public void check(Plan plan, Criterion criterion) {
        Method.requireFound(ranking.text, plan, criterion);
    }

    @Override
    public MethodResult run(MethodContext context) {
        check(context.plan(), context.criterion());
        List<Run> trainings = new ArrayList<>();
        Optional<Network> early = rewind.isPresent() ? Optional.of(context.originalAfter(rewind.getAsInt(), text(), trainings)) : Optional.empty();
        Network network = context.original();
        for (int round = 1;; round++) {
            SparsityHook mask = new SparsityHook(factors(network, ratio(round), Randomness.of(context.recipe().seed(), "weights", round - 1)));
            network = mask.on(early.orElse(network));
            if (round == rounds) {
                return new MethodResult(network, List.of(mask), trainings, List.of());
            }
            Run run = context.train(network, context.schedule().resolve(context.original(), network), epochsPerRound, context.recipe(), mask);
            trainings.add(run);
            network = run.network();
        }
    }

    /** Of all weights, after a round: every round leaves the same share of the one before. */
    double ratio(int round) {
        return round == rounds ? ratio : 1 - Math.pow(1 - ratio, (double) round / rounds);
    }

    @Override
    public int epochs() {
        return (rounds - 1) * epochsPerRound;
    }

    /** 1 for each weight that stays and 0 for the others, of all convolutions. */
    private Weights factors(Network network, double share, RandomGenerator random) {
        Map<String, float[]> scores = new LinkedHashMap<>();
        network.architecture().nodes().stream().filter(node -> node.op() instanceof Op.Conv2d).forEach(node -> {
            float[] values = network.weights().get(node.name() + ".weight").values();
            ranking.score(values, random);
            scores.put(node.name() + ".weight", values);
        });
        float threshold = threshold(scores, share);
        Map<String, Tensor> factors = new LinkedHashMap<>();
        scores.forEach((name, values) -> {
            for (int i = 0; i < values.length; i++) {
                values[i] = values[i] > threshold ? 1 : 0;
            }
            factors.put(name, Tensor.of(values, network.weights().get(name).shape()));
        });
        return new Weights(factors);
    }

    private float threshold(Map<String, float[]> scores, double share) {
        float[] all = new float[scores.values().stream().mapToInt(values -> values.length).sum()];
        int end = 0;
        for (float[] values : scores.values()) {
            System.arraycopy(values, 0, all, end, values.length);
            end += values.length;
        }
        Arrays.sort(all);
        float threshold = all[(int) (all.length * share)];
        if (!(all[all.length - 1] > threshold)) {
            throw new IllegalArgumentException(text() + " would set all " + all.length + " weights of the convolutions to zero: none is above the threshold "
                    + threshold);
        }
        return threshold;
    }

    @Override
    public String text() {
        CanonicalText text = new CanonicalText(ranking.text).add("ratio", ratio).add("rounds", rounds, 1).add("epochs", epochsPerRound, 40);
        rewind.ifPresent(epoch -> text.add("rewind", epoch));
        return text.toString();
    }
}
