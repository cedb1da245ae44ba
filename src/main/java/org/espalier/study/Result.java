package org.espalier.study;

/**
 * What a run measured. Accuracies are shares of the test set, 0 to 1.
 *
 * @param spec       the experiment
 * @param before     of the dense network, before pruning
 * @param pruned     right after pruning, before any retraining; of an original network the same as {@code before}
 * @param last       after the last epoch
 * @param best       on the test set, after the epoch that was best on the {@code split}
 * @param bestEpoch  that epoch, counted from 1
 * @param split      what "best" was chosen on: {@code test}, as in the literature, or {@code validation}
 * @param parameters of the network that is left
 * @param macs       multiply-adds of it for one image
 * @param seconds    that the training took; of a budget read off a longer training, its share
 * @param history    the id of the training whose per-epoch history holds this run
 */
public record Result(Spec spec, double before, double pruned, double last, double best, int bestEpoch, String split,
        long parameters, long macs, double seconds, String history, Provenance provenance) {

    public String id() {
        return spec.id();
    }

    /** What retraining left of the dense network's accuracy, in percentage points: the figures' y axis. */
    public double change() {
        return 100 * (last - before);
    }

    /** The same of the best epoch. */
    public double bestChange() {
        return 100 * (best - before);
    }
}
