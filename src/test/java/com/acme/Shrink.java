package com.acme;

import java.util.List;
import org.espalier.method.Method;
import org.espalier.method.MethodContext;
import org.espalier.method.MethodResult;
import org.espalier.model.Network;
import org.espalier.prune.Pruning;
import org.espalier.prune.criteria.BatchNormScale;
import org.espalier.train.Run;
import org.espalier.train.schedules.FT;

/** Trains the original on for some epochs with a penalty on the scales, then removes the channels with the smallest ones. */
public record Shrink(int epochs, double s) implements Method {

    @Override
    public MethodResult run(MethodContext context) {
        Method.requireNoCriterion(text(), context.criterion());
        Run run = context.train(context.original(), new FT(.01), epochs, context.recipe(), new GammaPenalty(s));
        Network pruned = Pruning.prune(run.network(), context.plan(), new BatchNormScale());
        return new MethodResult(pruned, List.of(), List.of(run), List.of());
    }
}
