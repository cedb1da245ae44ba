package org.espalier.train.schedules;

import org.espalier.model.Network;
import org.espalier.train.Schedule;

/** The verbs of schedules, which {@code import static org.espalier.Espalier.*} brings along. */
public class ScheduleVerbs {
    /** There are only verbs. */
    protected ScheduleVerbs() {
    }

    /** FT: fine-tuning at the original training's last rate, 0.001. */
    public static Schedule ft() {
        return FT.ofPaper();
    }

    /** LRW: the last epochs of the original 160 once more. */
    public static Schedule lrw() {
        return lrw(original());
    }

    /** LRW of another original training. */
    public static Schedule lrw(StepDecay original) {
        return new LRW(original);
    }

    /** SLR: warm up, then the original schedule squeezed into the budget. */
    public static Schedule slr() {
        return SLR.ofPaper();
    }

    /** CLR: one cycle up to the highest rate and down below the lowest, with momentum the other way round. */
    public static CLR clr() {
        return CLR.ofPaper();
    }

    /** Beyond the paper: warm up, then linearly down (Zimmer et al., 2023). */
    public static Schedule llr() {
        return LLR.ofZimmer();
    }

    /** Beyond the paper: half a cosine down. */
    public static Schedule cosine() {
        return CosineDecay.standard();
    }

    /** Beyond the paper: straight down, without a warm-up (budgeted training). */
    public static Schedule linear() {
        return LLR.linear();
    }

    /** Beyond the paper: the same rate all the way, tuned by hand. */
    public static Schedule constant(double rate) {
        return new FT(rate);
    }

    /** Beyond the paper: the reflected exponential (Chen et al., 2022). */
    public static Schedule rex() {
        return REX.standard();
    }

    /** Beyond the paper: linearly down from a rate that grows with what the pruning took (Zimmer et al., 2023). */
    public static Schedule allr(Network original, Network pruned) {
        return ALLR.after(original()).resolve(original, pruned);
    }

    /** Any schedule by its text, such as {@code schedule("bimp-slr")}; an unknown name is answered by those known. */
    public static Schedule schedule(String text) {
        return Schedule.parse(text);
    }

    /** The original training of the CIFAR networks: 160 epochs, a tenth of the rate at 80 and again at 120. */
    public static StepDecay original() {
        return StepDecay.cifar();
    }

    /** The same shape in another number of epochs. */
    public static StepDecay original(int epochs) {
        return StepDecay.cifar(epochs);
    }

    /** Reads well: {@code retrain(small, clr(), epochs(72), data)}. */
    public static int epochs(int number) {
        if (number < 1) {
            throw new IllegalArgumentException("a training lasts at least 1 epoch, not " + number);
        }
        return number;
    }
}
