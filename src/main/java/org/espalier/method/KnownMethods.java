package org.espalier.method;

import org.espalier.method.controls.ReestimatedNorms;
import org.espalier.method.controls.Scratch;
import org.espalier.method.controls.WeightRewinding;
import org.espalier.method.gal.Gal;
import org.espalier.text.Registry;

/** The methods that have a name: a line each. */
final class KnownMethods {
    static final Registry<Method> ALL = Registry.of("method", Method.class)
            .with("one-shot", fields -> new OneShot())
            .with("iterative", Iterative::parse)
            .with("sfp", SoftFilterPruning::parse)
            .with("slimming", NetworkSlimming::parse)
            .with("gal", Gal::parse)
            .with("layer-by-layer", LayerByLayer::parse)
            .with("taylor-training", TaylorTraining::parse)
            .with("thinet", fields -> new ThiNetReconstruction())
            .with("scratch", fields -> new Scratch())
            .with("rewinding", WeightRewinding::parse)
            .with("reestimated-norms", ReestimatedNorms::parse)
            .with("magnitude", fields -> UnstructuredPruning.parse(fields, UnstructuredPruning.Ranking.MAGNITUDE))
            .with("lamp", fields -> UnstructuredPruning.parse(fields, UnstructuredPruning.Ranking.LAMP))
            .with("random-weights", fields -> UnstructuredPruning.parse(fields, UnstructuredPruning.Ranking.RANDOM))
            .with("iterative-weights", IterativeWeights::parse);

    private KnownMethods() {
    }
}
