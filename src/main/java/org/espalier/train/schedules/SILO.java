package org.espalier.train.schedules;

import java.util.OptionalDouble;
import org.espalier.model.Network;
import org.espalier.text.CanonicalText;
import org.espalier.train.Budget;
import org.espalier.train.Schedule;

/**
 * SILO, the S-shaped learning rate for pruning in rounds: the more is gone, the higher the rate. With x the share of the weights that pruning
 * took so far,
 *
 * <pre>
 * max(x) = offset + range / (1 + (x / (1 - x))^-steepness)
 * </pre>
 *
 * and within a round of E epochs: linearly up to it for 7/80 of them, a tenth of it from E / 2 and a hundredth from 3 E / 4 on (Liu, Ghosh,
 * Tan and Motani, "Optimizing Learning Rate Schedules for Iterative Pruning of Deep Neural Networks", TMLR 2023; {@code vgg_19_cifar_10.py} of
 * their repository SILO, whose x is that of the round before). It succeeds S-Cyc of the same authors (2021), whose constants aren't public.
 *
 * @param pruned x; empty until {@link #resolve} has seen both networks
 */
public record SILO(double offset, double range, double steepness, OptionalDouble pruned) implements Schedule {
    private static final SILO OF_VGG = new SILO(.04, .06, 5, OptionalDouble.empty());
    private static final double WARM_UP = .0875;
    private static final String PRUNED = "pruned";

    public SILO {
        Schedule.requirePositive(offset, range, steepness);
        if (pruned.isPresent() && !(pruned.getAsDouble() >= 0 && pruned.getAsDouble() < 1)) {
            throw new IllegalArgumentException("the share that was pruned lies in [0, 1), not " + pruned.getAsDouble());
        }
    }

    /** The authors' constants for VGG-19 on CIFAR-10, for whichever networks; theirs for ResNet-20 are offset 0.03 and range 0.04. */
    public static SILO ofPaper() {
        return OF_VGG;
    }

    static SILO parse(CanonicalText fields) {
        return new SILO(fields.real("offset", OF_VGG.offset), fields.real("range", OF_VGG.range), fields.real("steepness", OF_VGG.steepness),
                fields.has(PRUNED) ? OptionalDouble.of(fields.real(PRUNED, 0)) : OptionalDouble.empty());
    }

    @Override
    public SILO resolve(Network original, Network smaller) {
        return new SILO(offset, range, steepness, OptionalDouble.of(Math.max(0, PruningDrop.of(original, smaller).share())));
    }

    /** @throws IllegalStateException when this doesn't know the networks yet */
    @Override
    public double learningRate(long step, Budget budget) {
        double x = pruned.orElseThrow(() -> new IllegalStateException("the rate of SILO depends on what pruning took: say it with "
                + "resolve(original, pruned); a sweep does so by itself"));
        double peak = offset + range / (1 + Math.pow(x / (1 - x), -steepness));
        long up = (long) (int) (WARM_UP * budget.epochs()) * budget.stepsPerEpoch();
        int epoch = budget.epochOf(step);
        return step < up ? peak * (step + 1) / up
                : peak * (4 * epoch >= 3 * budget.epochs() ? .01 : 2 * epoch >= budget.epochs() ? .1 : 1);
    }

    @Override
    public String text() {
        CanonicalText text = new CanonicalText("silo").add("offset", offset, OF_VGG.offset).add("range", range, OF_VGG.range)
                .add("steepness", steepness, OF_VGG.steepness);
        pruned.ifPresent(share -> text.add(PRUNED, share));
        return text.toString();
    }
}
