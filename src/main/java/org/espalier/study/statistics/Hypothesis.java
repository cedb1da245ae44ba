package org.espalier.study.statistics;

import java.util.List;
import java.util.Optional;
import org.espalier.study.Result;

/**
 * A test that is to be made, said before there is a result: that the first treatment's change of accuracy minus the second's, in percentage
 * points, paired by seed, lies between two bounds. With a control, the same difference of two other treatments is taken off first.
 *
 * @param above   the lower bound: 0 for "first beats second", {@code -margin} for "first is not worse than second"
 * @param below   the upper bound: infinity for these two, {@code margin} for "both are equal"
 * @param control the two whose difference is taken off
 */
public record Hypothesis(String name, Arm first, Arm second, Optional<Control> control, double above, double below) {

    /** @param first what takes the first treatment's part where, for instance, nothing is pruned */
    public record Control(Arm first, Arm second) {
    }

    public Hypothesis {
        if (name.isBlank() || !(above < below)) {
            throw new IllegalArgumentException("a test has a name and a lower bound below its upper one, not '" + name + "', " + above + " and " + below);
        }
    }

    /** What the results say, not corrected for other tests. */
    public Claim judge(List<Result> results) {
        Paired difference = Paired.of(first.changes(results), second.changes(results));
        Paired left = control.map(other -> Paired.of(difference.differences(),
                Paired.of(other.first().changes(results), other.second().changes(results)).differences())).orElse(difference);
        return Claim.between(name, left, above, below);
    }

    /** The bounds in words: {@code above 0}, {@code within 0.5}, {@code above -0.3}. */
    public String expectation() {
        return below == Double.POSITIVE_INFINITY ? "above " + above : "within " + below;
    }
}
