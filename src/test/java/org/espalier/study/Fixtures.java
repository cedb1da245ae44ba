package org.espalier.study;

import java.time.Instant;

/** Results that nobody measured. */
public final class Fixtures {
    private Fixtures() {
    }

    /** A result that depends on the spec alone, up to what provenance says. */
    public static Result result(Spec spec) {
        int code = spec.id().hashCode() & 0xFFFF;
        return new Result(spec, .9, .5, code / 65536., Math.min(1, code / 65536. + .01), 1 + code % 7, "test", 270_000 + code, 40_000_000 + code, "", 1.5, spec.id(),
                new Provenance("unknown", "0.35.1", "2.7.1", "cpu", 1, "channels-last", "unknown", Provenance.thisHost(), Instant.now()));
    }

    public static Spec spec(long seed) {
        return Spec.original("sample", "cifar-resnet-8").retrained("uniform(0.5)", "l1", "clr", 4).with("seed", seed);
    }
}
