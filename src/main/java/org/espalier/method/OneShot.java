package org.espalier.method;

import org.espalier.prune.Pruning;

/** Removes what the plan says in one step, by the criterion's scores of the trained network. The usual method, whose text is empty. */
public record OneShot() implements Method {

    @Override
    public MethodResult run(MethodContext context) {
        return MethodResult.of(Pruning.prune(context.original(), context.plan(), context.criterion(), context.calibration(context.original())));
    }

    /** Empty, so that an experiment by this method has the id that it had before there were others. */
    @Override
    public String text() {
        return "";
    }
}
