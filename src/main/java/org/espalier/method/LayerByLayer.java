package org.espalier.method;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.espalier.model.Architecture;
import org.espalier.model.Network;
import org.espalier.model.channels.ChannelGroup;
import org.espalier.model.channels.ChannelRemoval;
import org.espalier.prune.Plan;
import org.espalier.prune.Pruning;
import org.espalier.text.CanonicalText;
import org.espalier.train.Run;
import org.espalier.train.Schedule;
import org.espalier.train.schedules.StepFT;

/**
 * Prunes one layer after the other and trains all weights after each, as HRank does (Lin et al., 2020, and their code); with the criterion
 * {@code hrank} it is HRank, with {@code random} and the retraining's rates the control of "Network Pruning That Matters". The retraining itself
 * follows the last layer.
 *
 * <p>As in HRank's code the scores are those of the original network, computed once, and each layer begins with a new optimizer: rate 0.01, a tenth
 * of it at 1/6 and at 1/3 of the epochs; weight decay 5e-4, batches of 128. Unlike there, the last weights go on and not the best on the test set;
 * channels are removed and not masked, which is the same function; and layers that the plan leaves alone are passed over. Their ResNet-56 has 55
 * layers of 30 epochs, 1,650 in all.
 *
 * @param epochsPerLayer after each layer but the last: 30 there, 7 at a quarter
 * @param rates          of these trainings
 */
public record LayerByLayer(int epochsPerLayer, Rates rates) implements Method {

    /** What the trainings between two layers follow. */
    public enum Rates {
        /** HRank's own schedule and recipe. */
        OWN,
        /** Those of the retraining, begun anew for every layer. */
        RETRAINING
    }

    static final Schedule OF_HRANK = new StepFT(.01, .1, List.of(1 / 6., 1 / 3.));

    public LayerByLayer {
        if (epochsPerLayer < 1) {
            throw new IllegalArgumentException("a layer is followed by at least 1 epoch, not " + epochsPerLayer);
        }
    }

    static LayerByLayer parse(CanonicalText fields) {
        return new LayerByLayer(fields.number("epochs", 7), fields.choice("rates", Rates.class, Rates.OWN));
    }

    @Override
    public MethodResult run(MethodContext context) {
        Network network = context.original();
        List<ChannelGroup> groups = network.architecture().prunable();
        List<int[]> kept = Pruning.kept(network, context.plan(), context.criterion(), context.calibration(network));
        List<Integer> stops = IntStream.range(0, groups.size()).filter(i -> kept.get(i).length < groups.get(i).width()).boxed().toList();
        List<Run> trainings = new ArrayList<>();
        for (int stop : stops) {
            network = ChannelRemoval.keep(network, Map.of(groups.get(stop).name(), kept.get(stop)));
            if (trainings.size() < stops.size() - 1) {
                Run run = rates == Rates.OWN ? context.train(network, OF_HRANK, epochsPerLayer, context.recipe().withBatch(128).withWeightDecay(5e-4))
                        : context.train(network, context.schedule().resolve(context.original(), network), epochsPerLayer, context.recipe());
                trainings.add(run);
                network = run.network();
            }
        }
        return new MethodResult(network, List.of(), trainings, List.of());
    }

    /** One for each layer that the plan prunes, but for the last; of a plan whose widths only scores decide, of the original network for all layers. */
    @Override
    public List<Phase> phases(Architecture original, Plan plan) {
        plan.requirePrunable(original);
        List<Integer> widths = new ArrayList<>(original.widths());
        List<Integer> left = plan.needsScores() ? widths : plan.kept(original);
        List<Phase> phases = new ArrayList<>();
        for (int i = 0; i < left.size(); i++) {
            if (plan.needsScores() || left.get(i) < widths.get(i)) {
                widths.set(i, left.get(i));
                phases.add(new Phase(original.withWidths(widths), epochsPerLayer));
            }
        }
        return phases.isEmpty() ? phases : phases.subList(0, phases.size() - 1);
    }

    @Override
    public String text() {
        return new CanonicalText("layer-by-layer").add("epochs", epochsPerLayer, 7).add("rates", rates, Rates.OWN).toString();
    }
}
