package org.espalier.method;

import org.espalier.model.Initial;
import org.espalier.model.Network;

/** The weights that a method's own training begins with. */
public enum Start {
    /** Initial weights, drawn from the recipe's seed. */
    SCRATCH {
        @Override
        Network network(MethodContext context) {
            return Initial.network(context.original().architecture(), context.recipe().seed()).with(context.original().names());
        }
    },
    /** Those of the original network. */
    PRETRAINED {
        @Override
        Network network(MethodContext context) {
            return context.original();
        }
    };

    abstract Network network(MethodContext context);
}
