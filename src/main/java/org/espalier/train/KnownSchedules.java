package org.espalier.train;

import org.espalier.text.Registry;

/** The schedules that have a name: a line each. */
final class KnownSchedules {
    static final Registry<Schedule> ALL = Registry.of("schedule", Schedule.class)
            .with("ft", FT::parse)
            .with("lrw", fields -> new LRW(StepDecay.parse(fields)))
            .with("slr", SLR::parse)
            .with("clr", CLR::parse)
            .with("step", StepDecay::parse)
            .with("llr", LLR::parse)
            .with("cosine", CosineDecay::parse);

    private KnownSchedules() {
    }
}
