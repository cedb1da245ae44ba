package org.espalier.method.controls;

import java.util.ArrayList;
import java.util.List;
import org.espalier.method.Method;
import org.espalier.method.MethodContext;
import org.espalier.method.MethodResult;
import org.espalier.model.Architecture;
import org.espalier.model.Network;
import org.espalier.model.channels.ChannelRemoval;
import org.espalier.prune.Plan;
import org.espalier.prune.Pruning;
import org.espalier.text.CanonicalText;
import org.espalier.train.Run;

/**
 * Weight rewinding (Frankle et al., 2019; Renda, Frankle and Carbin, "Comparing Rewinding and Fine-tuning in Neural Network Pruning", 2020): chooses
 * by the trained network which channels go, and gives the others the weights that they had after an early epoch. The retraining that belongs to it
 * is the rest of the original training: {@code schedule = lrw} with that many epochs less.
 *
 * <p>For single weights it is an option of {@link org.espalier.method.UnstructuredPruning}.
 *
 * @param epoch of the original training to go back to; 0 is its initial weights
 */
public record WeightRewinding(int epoch) implements Method {

    public WeightRewinding {
        if (epoch < 0) {
            throw new IllegalArgumentException("there is no epoch " + epoch + " to go back to");
        }
    }

    /** Reads what {@link #text} wrote. */
    public static WeightRewinding parse(CanonicalText fields) {
        return new WeightRewinding(fields.number("epoch", 10));
    }

    @Override
    public MethodResult run(MethodContext context) {
        List<Run> trainings = new ArrayList<>();
        Network early = context.originalAfter(epoch, text(), trainings);
        List<int[]> kept = Pruning.kept(context.original(), context.plan(), context.criterion(), context.calibration(context.original()));
        return new MethodResult(ChannelRemoval.keep(early, kept), List.of(), trainings, List.of());
    }

    /** None: the early epochs are part of the original's training, which a result costs anyway. */
    @Override
    public List<Phase> phases(Architecture original, Plan plan) {
        return List.of();
    }

    @Override
    public String text() {
        return new CanonicalText("rewinding").add("epoch", epoch, 10).toString();
    }
}
