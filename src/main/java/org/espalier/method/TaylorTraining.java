package org.espalier.method;

import java.util.List;
import java.util.stream.IntStream;
import org.espalier.model.Architecture;
import org.espalier.model.Network;
import org.espalier.model.channels.ChannelGroup;
import org.espalier.model.channels.ChannelRemoval;
import org.espalier.prune.Criterion;
import org.espalier.prune.Plan;
import org.espalier.prune.criteria.Filters;
import org.espalier.text.CanonicalText;
import org.espalier.train.Budget;
import org.espalier.train.Recipe;
import org.espalier.train.Run;
import org.espalier.train.schedules.StepFT;

/**
 * Taylor-FO-BN: prunes inside a training. Every 30 mini-batches the gates with the lowest scores of all layers are set to zero, and stay zero; what
 * is zero in the end is removed (Molchanov et al., "Importance Estimation for Neural Network Pruning", 2019, and their code). A gate's score is the
 * {@link org.espalier.prune.criteria.Taylor Taylor criterion's}, averaged over the mini-batches since the last pruning, then 0.1 of it and 0.9 of the average before.
 *
 * <p>As in their code the rate is 0.001, a tenth of it at 40 % and at 80 % of the epochs, without weight decay. Unlike there, gates stand in the
 * prunable groups only and not in sums of residual blocks, the scores of ImageNet's layers aren't divided by constants, the optimizer keeps its momentum when pruning ends, and a
 * layer keeps its last channel. The plan is {@code found}.
 *
 * @param ratio  of the gates to remove, in (0, 1): their "72" removes 0.28
 * @param epochs 25 of 90 there, 11 of 40 at a quarter
 * @param every  so many mini-batches
 * @param step   the share of the gates that goes each time, 100 of 11,392 there
 */
public record TaylorTraining(double ratio, int epochs, int every, double step) implements Method {
    private static final TaylorTraining USUAL = new TaylorTraining(.4, 11, 30, .0088);

    public TaylorTraining {
        if (!(ratio > 0 && ratio < 1) || epochs < 1 || every < 1 || !(step > 0 && step <= 1)) {
            throw new IllegalArgumentException("taylor-training removes a ratio in (0, 1) in at least 1 epoch, a share in (0, 1] every 1 or more mini-batches, not "
                    + ratio + ", " + epochs + ", " + step + " and " + every);
        }
    }

    static TaylorTraining parse(CanonicalText fields) {
        return new TaylorTraining(fields.real("ratio", USUAL.ratio), fields.number("epochs", USUAL.epochs), fields.number("every", USUAL.every),
                fields.real("step", USUAL.step));
    }

    @Override
    public void check(Plan plan, Criterion criterion) {
        Method.requireFound("taylor-training", plan, criterion);
    }

    @Override
    public MethodResult run(MethodContext context) {
        check(context.plan(), context.criterion());
        Architecture architecture = context.original().architecture();
        List<ChannelGroup> groups = architecture.prunable();
        int gates = groups.stream().mapToInt(ChannelGroup::width).sum();
        TaylorGates hook = new TaylorGates(architecture, (int) (ratio * gates), Math.max(1, (int) (step * gates)), every);
        Recipe recipe = context.recipe().withWeightDecay(0);
        Budget budget = Budget.of(epochs, context.data().train().size(), recipe.batch());
        if (hook.steps() > budget.steps()) {
            throw new IllegalArgumentException(text() + " prunes " + hook.steps() / every + " times, every " + every + " mini-batches, but its " + epochs
                    + " epochs have " + budget.steps() + " of them; give it more epochs, or a larger step");
        }
        Run run = context.train(context.original(), new StepFT(.001, .1, List.of(.4, .8)), epochs, recipe, hook);
        List<int[]> kept = groups.stream().map(group -> kept(run.network(), group)).toList();
        List<String> least = IntStream.range(0, groups.size()).filter(i -> kept.get(i).length == 1).mapToObj(i -> groups.get(i).name()).toList();
        return new MethodResult(ChannelRemoval.keep(run.network(), kept), List.of(), List.of(run), least.isEmpty() ? List.of()
                : List.of("taylor-training left a single channel in " + String.join(", ", least) + ": a layer keeps its last"));
    }

    /** The channels whose scale and shift aren't zero. */
    private static int[] kept(Network network, ChannelGroup group) {
        double[] numbers = Filters.sums(group, Filters.norms(network.architecture(), group, "weight", "bias"),
                (tensor, place) -> network.weights().get(tensor).at(place) != 0 ? 1 : 0);
        int[] kept = IntStream.range(0, numbers.length).filter(channel -> numbers[channel] > 0).toArray();
        return kept.length == 0 ? new int[] {0} : kept;
    }

    @Override
    public String text() {
        return new CanonicalText("taylor-training").add("ratio", ratio, USUAL.ratio).add("epochs", epochs, USUAL.epochs).add("every", every, USUAL.every)
                .add("step", step, USUAL.step).toString();
    }
}
