package org.espalier.study.sweep;

import java.util.List;
import java.util.stream.Collectors;
import org.espalier.study.Failure;
import org.espalier.study.Result;
import org.espalier.study.Spec;

/**
 * What a sweep leaves.
 *
 * @param results  of the specs that were asked for, in their order, as far as there are any
 * @param failures of those, and of the originals that they start from
 * @param lacking  the specs without a result: failed, another shard's, or waiting for an original that failed
 * @param remarks  what the store found out of order
 */
public record Outcome(List<Result> results, List<Failure> failures, List<Spec> lacking, List<String> remarks) {

    public Outcome {
        results = List.copyOf(results);
        failures = List.copyOf(failures);
        lacking = List.copyOf(lacking);
        remarks = List.copyOf(remarks);
    }

    /** The results, all of them. @throws IllegalStateException that says what is missing and why */
    public List<Result> complete() {
        if (!lacking.isEmpty()) {
            throw new IllegalStateException(lacking.size() + " of " + (results.size() + lacking.size()) + " results are missing; the first is of "
                    + lacking.get(0) + failures.stream().limit(3).map(failure -> "\n  failed: " + failure.spec() + ": " + failure.cause())
                    .collect(Collectors.joining())
                    + "\nsweep(...) once more goes on from here, and tries again what failed");
        }
        return results;
    }
}
