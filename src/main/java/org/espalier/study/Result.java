package org.espalier.study;

import java.util.List;
import java.util.OptionalDouble;

/**
 * What a run measured. Accuracies are shares of the test set, 0 to 1.
 *
 * @param spec           the experiment
 * @param before         of the dense network, before pruning
 * @param pruned         right after pruning, before any retraining; of an original network the same as {@code before}
 * @param last           after the last epoch
 * @param best           on the test set, after the epoch that was best on the {@code split}; NaN where not every epoch was evaluated
 * @param bestEpoch      that epoch, counted from 1; 0 where there is none
 * @param split          what "best" was chosen on: "test", as in the literature, or "validation"
 * @param parameters     of the network that is left
 * @param macs           multiply-adds of it for one image
 * @param originalSha256 SHA-256 (64 hex digits) of the original network's file: an original's own, or of the one that was pruned; empty in rows
 *                       of releases that didn't note it
 * @param seconds        that the training took; of a budget read off a longer training, its share
 * @param history        the id of the training whose per-epoch history holds this run
 * @param architecture   the text of the network that is left, where the plan is {@code found}; empty where the plan says it
 * @param remarks        what the method says of its outcome, such as a layer that kept one channel; a line each, without {@code |}
 * @param lastTopFive    top-5 accuracy after the last epoch; empty of data with up to ten classes, and where no release measured it
 */
public record Result(Spec spec, double before, double pruned, double last, double best, int bestEpoch, String split,
        long parameters, long macs, String originalSha256, double seconds, String history, Provenance provenance, String architecture,
        List<String> remarks, OptionalDouble lastTopFive) {

    public Result {
        if (!originalSha256.matches("([0-9a-f]{64})?")) {
            throw new IllegalArgumentException("originalSha256 is a SHA-256 of 64 hex digits, not '" + originalSha256 + "'");
        }
        remarks = remarks.stream().map(remark -> remark.replaceAll("[\\s|]+", " ").strip()).filter(remark -> !remark.isEmpty()).toList();
    }

    /** Of a plan that says what is left. */
    public Result(Spec spec, double before, double pruned, double last, double best, int bestEpoch, String split,
            long parameters, long macs, String originalSha256, double seconds, String history, Provenance provenance) {
        this(spec, before, pruned, last, best, bestEpoch, split, parameters, macs, originalSha256, seconds, history, provenance, "", List.of());
    }

    /** Without a top-5 accuracy. */
    public Result(Spec spec, double before, double pruned, double last, double best, int bestEpoch, String split, long parameters, long macs,
            String originalSha256, double seconds, String history, Provenance provenance, String architecture, List<String> remarks) {
        this(spec, before, pruned, last, best, bestEpoch, split, parameters, macs, originalSha256, seconds, history, provenance, architecture, remarks,
                OptionalDouble.empty());
    }

    public String id() {
        return spec.id();
    }

    /** Whether every epoch was evaluated, so that there is a best one. */
    public boolean hasBest() {
        return !Double.isNaN(best);
    }

    /** What retraining left of the dense network's accuracy, in percentage points: the figures' y axis. */
    public double change() {
        return 100 * (last - before);
    }
}
