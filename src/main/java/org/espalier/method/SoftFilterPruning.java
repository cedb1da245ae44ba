package org.espalier.method;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.espalier.model.Network;
import org.espalier.model.Tensor;
import org.espalier.model.channels.ChannelGroup;
import org.espalier.model.channels.ChannelRemoval;
import org.espalier.prune.Criterion;
import org.espalier.prune.Plan;
import org.espalier.prune.Pruning;
import org.espalier.prune.criteria.L2Norm;
import org.espalier.text.CanonicalText;
import org.espalier.train.Recipe;
import org.espalier.train.Run;
import org.espalier.train.Schedule;
import org.espalier.train.hooks.TrainingContext;
import org.espalier.train.hooks.TrainingHook;

/**
 * SFP: sets the filters of the smallest l2 norms to zero before the training and after each epoch, chosen anew each time, so that a zeroed filter
 * may come back; what is zero in the end is removed (He et al., "Soft Filter Pruning", 2018, and their code).
 *
 * <p>As in their code batch norm is left alone, and a zeroed filter still puts out a constant, by its beta; removal takes that away. Unlike there,
 * where every convolution loses the same ratio, the plan says which groups of channels lose how many. Its training is theirs: rate 0.01 in the
 * first epoch, then 0.1, times 0.2 at 30 %, 60 % and 80 % of the epochs; Nesterov, weight decay 5e-4, batches of 128. From the original network's
 * weights the rates are a tenth.
 *
 * @param epochs 200 there; 50 at a quarter
 * @param start  from initial weights there
 */
public record SoftFilterPruning(int epochs, Start start) implements Method {

    public SoftFilterPruning {
        if (epochs < 1) {
            throw new IllegalArgumentException("soft filter pruning trains for at least 1 epoch, not " + epochs);
        }
    }

    static SoftFilterPruning parse(CanonicalText fields) {
        return new SoftFilterPruning(fields.number("epochs", 50), fields.choice("start", Start.class, Start.SCRATCH));
    }

    @Override
    public void check(Plan plan, Criterion criterion) {
        Method.requireNoCriterion("sfp", criterion);
    }

    @Override
    public MethodResult run(MethodContext context) {
        check(context.plan(), context.criterion());
        Plan plan = context.plan();
        Network first = start.network(context);
        Network masked = first.with(first.weights().with(zeroed(first, plan)));
        Recipe recipe = context.recipe().withBatch(128).withWeightDecay(5e-4).withNesterov(true);
        Run run = context.train(masked, rates(start == Start.SCRATCH ? .1 : .01), epochs, recipe, new Rechoose(plan));
        return new MethodResult(ChannelRemoval.keep(run.network(), kept(run.network(), plan)), List.of(), List.of(run), List.of());
    }

    private static List<int[]> kept(Network network, Plan plan) {
        return Pruning.kept(network, plan, new L2Norm());
    }

    /** Zeroes filters anew after each epoch. */
    private record Rechoose(Plan plan) implements TrainingHook {
        @Override
        public void afterEpoch(TrainingContext context) {
            context.replace(zeroed(context.network(), plan));
        }
    }

    static Schedule rates(double highest) {
        return Schedule.of("SFP", (step, budget) -> {
            double done = (double) budget.epochOf(step) / budget.epochs();
            return budget.epochOf(step) == 0 ? highest / 10 : highest * (done < .3 ? 1 : done < .6 ? .2 : done < .8 ? .04 : .008);
        });
    }

    /** The convolutions' weights with the filters that the plan doesn't keep set to zero, and nothing else changed. */
    static Map<String, Tensor> zeroed(Network network, Plan plan) {
        List<ChannelGroup> groups = network.architecture().prunable();
        Set<String> filters = groups.stream().flatMap(group -> group.filters().stream()).map(ChannelGroup.Slice::tensor).collect(Collectors.toSet());
        Map<String, Tensor> zeroed = new LinkedHashMap<>();
        ChannelRemoval.places(network.architecture(), ChannelGroup.named(groups, kept(network, plan))).forEach((name, places) -> {
            if (filters.contains(name) && places.containsKey(0)) {
                Tensor filter = network.weights().get(name);
                zeroed.put(name, filter.select(0, places.get(0)).scatter(0, filter.shape()[0], places.get(0), 0));
            }
        });
        return zeroed;
    }

    @Override
    public boolean startsFromOriginal() {
        return start == Start.PRETRAINED;
    }

    @Override
    public String text() {
        return new CanonicalText("sfp").add("epochs", epochs, 50).add("start", start, Start.SCRATCH).toString();
    }
}
