package org.espalier.method;

import org.espalier.model.Initial;
import org.espalier.model.Network;

/** The weights that a method's own training begins with. */
public enum Start {
    /** Initial weights, drawn from the recipe's seed. */
    SCRATCH,
    /** Those of the original network. */
    PRETRAINED;

    Network network(MethodContext context) {
        Network original = context.original();
        return this == PRETRAINED ? original : Initial.network(original.architecture(), context.recipe().seed()).with(original.names());
    }
}
