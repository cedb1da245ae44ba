package org.espalier.train.schedules;

import java.util.Set;
import org.espalier.text.Registry;
import org.espalier.train.Schedule;

/** The schedules that have a name: a line each. Two names of the same rates read as the same value, so that they are one experiment. */
public final class KnownSchedules {
    public static final Registry<Schedule> ALL = Registry.of("schedule", Schedule.class)
            .with("ft", FT::parse)
            .with("lrw", fields -> new LRW(StepDecay.parse(fields)))
            .with("slr", SLR::parse)
            .with("clr", CLR::parse)
            .with("step", StepDecay::parse)
            .with("llr", LLR::parse)
            .with("cosine", CosineDecay::parse)
            .with("constant", FT::constant)
            .with("ft-step", StepFT::parse)
            .with("linear", LLR::linear)
            .with("rex", REX::parse)
            .with("allr", ALLR::parse)
            .with("silo", SILO::parse)
            .with("bimp-ft", fields -> FT.last(StepDecay.parse(fields)))
            .with("bimp-lrw", fields -> new LRW(StepDecay.parse(fields)))
            .with("bimp-slr", fields -> new BIMP(BIMP.Shape.SLR, StepDecay.parse(fields)))
            .with("bimp-clr", fields -> new BIMP(BIMP.Shape.CLR, StepDecay.parse(fields)))
            .with("bimp-llr", fields -> new BIMP(BIMP.Shape.LLR, StepDecay.parse(fields)));

    private static final Set<String> OF_AN_ORIGINAL = Set.of("lrw", "allr", "bimp-ft", "bimp-lrw", "bimp-slr", "bimp-clr", "bimp-llr");

    private KnownSchedules() {
    }

    public static Schedule parse(String text, String original) {
        if (!OF_AN_ORIGINAL.contains(text.strip())) {
            return ALL.parse(text);
        }
        if (!(ALL.parse(original) instanceof StepDecay step)) {
            throw new IllegalArgumentException("'" + text + "' is said by an original schedule such as 'step epochs=160', not by '" + original + "'");
        }
        return ALL.parse(step.text(text.strip()));
    }
}
