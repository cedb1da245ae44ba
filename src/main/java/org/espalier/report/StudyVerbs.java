package org.espalier.report;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.espalier.data.Dataset;
import org.espalier.data.DatasetRegistry;
import org.espalier.model.Network;
import org.espalier.prune.Plan;
import org.espalier.study.Result;
import org.espalier.study.Spec;
import org.espalier.study.statistics.Claim;
import org.espalier.study.statistics.Paired;
import org.espalier.study.store.Store;
import org.espalier.train.Run;
import org.espalier.train.Schedule;
import org.espalier.train.schedules.ScheduleVerbs;
import tech.tablesaw.api.Table;
import tech.tablesaw.plotly.components.Figure;

/**
 * The verbs of tables, figures and studies, which {@code import static org.espalier.Espalier.*} brings along: what was done to a few networks, and
 * what many experiments say.
 */
public class StudyVerbs extends ScheduleVerbs {
    /** There are only verbs. */
    protected StudyVerbs() {
    }

    /** Parameters, multiply-adds and measured time of networks, against the first; for images of this data's size. */
    public static Table cost(Dataset data, Network... networks) {
        return Tables.cost(data.test().height(), data.test().width(), Arrays.asList(networks));
    }

    /** The same for images of 32 x 32, CIFAR's. */
    public static Table cost(Network... networks) {
        return Tables.cost(32, 32, Arrays.asList(networks));
    }

    /** A row per run: {@code table(own.named("mine"), other.named("l1"))}. */
    public static Table table(Run... runs) {
        return Tables.runs(Arrays.asList(runs));
    }

    /** A row per epoch. */
    public static Table history(Run run) {
        return Tables.history(run);
    }

    /** Test accuracy by epoch. */
    public static Figure plot(Run... runs) {
        return Figures.accuracies(runs);
    }

    /** The learning rates of schedules over a budget. */
    public static Figure plot(int epochs, Schedule... schedules) {
        return Figures.schedules(epochs, schedules);
    }

    /** A network's nodes as a picture, in a notebook, or as text: shapes, what goes around what, and by colour which channels can only go together. */
    public static NetworkDrawing draw(Network network) {
        return new NetworkDrawing(network.architecture());
    }

    /** A folder of results that survives anything; opened again, it knows what is done. */
    public static Store store(Path folder) {
        return Store.open(folder);
    }

    /**
     * Runs what the store lacks of these experiments, side by side, and returns all their results; what failed before is tried again. Data is found
     * by its name: what Espalier downloads, what was opened from a folder before, and what lies in the folders of {@code ESPALIER_DATA}.
     *
     * @param own datasets made in this JVM, which their specs name; experiments with them run here, one after another
     */
    public static List<Result> sweep(List<Spec> specs, Store store, Dataset... own) {
        DatasetRegistry datasets = DatasetRegistry.ofUser();
        Arrays.stream(own).forEach(datasets::with);
        return Watching.sweep(specs, store, datasets).complete();
    }

    /** What the results say about "first beats second", paired by seed, in percentage points of accuracy. */
    public static Claim claim(String text, List<Result> first, List<Result> second) {
        return Claim.beats(text, Paired.of(first, second, Result::change));
    }

    /**
     * A study whose grid lies in {@code notebooks/studies/}, at the scale that the environment says, with the results that are there. At scale
     * smoke it measures what is missing first; at others, which take hours, only where {@code ESPALIER_MEASURE=yes} asks for it.
     */
    public static StudyData studyData(String name) {
        return StudyData.forNotebook(name);
    }

    /** On what, at which scale, where and with what a study was measured. */
    public static Table about(StudyData study) {
        return StudyTables.about(study);
    }

    /** What others have printed about what a study measures, each value with its source and a flag. */
    public static Table published(StudyData study) {
        return published(study, "");
    }

    /** The same of one data set, such as {@code ImageNet}, or of those whose names begin so. */
    public static Table published(StudyData study, String data) {
        return study.published(data);
    }

    /** The change of accuracy by budget, a panel for each network and plan of these studies: {@code measured()}, and {@code published()} apart. */
    public static BudgetPanels budgetPanels(StudyData... studies) {
        return BudgetPanels.of(studies);
    }

    /** Every arm of a study, measured or not: accuracy, size, total cost, and what other ways to report would have made of it. */
    public static Table compare(StudyData study) {
        return StudyTables.comparison(study);
    }

    /** What the measured arms of a study hold equal (original networks, epochs, schedule, total cost, size), and what they don't. */
    public static Table heldEqual(StudyData study) {
        return StudyTables.heldEqual(study);
    }

    /** Which schedule retrains a network that this plan pruned within so many epochs: a sentence for each measurement, or "not measured". */
    public static Recommendation recommend(Plan plan, int epochs) {
        return Recommendation.of(plan, epochs);
    }

    /** A study's tests, with effect, interval, corrected p-value and verdict; on the rows of studies beside it as well. */
    public static Table claims(StudyData study, StudyData... beside) {
        return StudyTables.claims(study, beside);
    }
}
