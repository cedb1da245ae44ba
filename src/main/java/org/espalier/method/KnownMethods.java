package org.espalier.method;

import org.espalier.text.Registry;

/** The methods that have a name: a line each. */
final class KnownMethods {
    static final Registry<Method> ALL = Registry.of("method", Method.class)
            .with("one-shot", fields -> new OneShot())
            .with("iterative", Iterative::parse)
            .with("sfp", SoftFilterPruning::parse)
            .with("slimming", NetworkSlimming::parse)
            .with("gal", Gal::parse)
            .with("magnitude", fields -> UnstructuredPruning.parse(fields, UnstructuredPruning.Ranking.MAGNITUDE))
            .with("random-weights", fields -> UnstructuredPruning.parse(fields, UnstructuredPruning.Ranking.RANDOM));

    private KnownMethods() {
    }
}
