package org.espalier.method.controls;

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
import org.espalier.train.TrainingSetup;

/**
 * Weight rewinding (Frankle et al., 2019; Renda, Frankle and Carbin, "Comparing Rewinding and Fine-tuning in Neural Network Pruning", 2020): chooses
 * by the trained network which channels go, and gives the others the weights that they had after an early epoch. The retraining that belongs to it
 * is the rest of the original training: {@code schedule = lrw} with that many epochs less.
 *
 * <p>Weights of that epoch aren't kept: the original is trained again so far, to the same weights bit for bit on the same machine.
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
        TrainingSetup original = context.requireOriginalTraining("rewinding");
        if (epoch > original.epochs()) {
            throw new IllegalArgumentException(text() + " goes back to epoch " + epoch + ", but the original was trained for " + original.epochs());
        }
        List<int[]> kept = Pruning.kept(context.original(), context.plan(), context.criterion(), context.calibration(context.original()));
        if (epoch == 0) {
            return MethodResult.of(rewound(original.network(), kept, context));
        }
        Run run = context.trainer().train(new TrainingSetup(original.network(), original.schedule(), epoch, original.data(), original.recipe(),
                original.device(), original.execution(), List.of()));
        return new MethodResult(rewound(run.network(), kept, context), List.of(), List.of(run), List.of());
    }

    private static Network rewound(Network early, List<int[]> kept, MethodContext context) {
        return ChannelRemoval.keep(early.with(context.original().names()), kept);
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
