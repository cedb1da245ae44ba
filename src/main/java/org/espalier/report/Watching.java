package org.espalier.report;

import java.util.List;
import org.espalier.data.Dataset;
import org.espalier.model.Network;
import org.espalier.study.Spec;
import org.espalier.study.store.Store;
import org.espalier.study.sweep.Library;
import org.espalier.study.sweep.Outcome;
import org.espalier.study.sweep.Sweep;
import org.espalier.study.sweep.Workers;
import org.espalier.train.Moment;
import org.espalier.train.Recipe;
import org.espalier.train.Run;
import org.espalier.train.Schedule;
import org.espalier.train.Training;

/** Long work that shows how far it is. */
public final class Watching {
    private Watching() {
    }

    /** Trains to the end, with a line of progress. */
    public static Run train(Network network, Schedule schedule, int epochs, Dataset data, Recipe recipe) {
        try (Training training = Training.start(network, schedule, epochs, data, recipe)) {
            while (!training.isDone()) {
                training.nextEpoch(moment -> line(text(schedule, moment)));
            }
            Run run = training.run();
            line(run.toString());
            return run;
        }
    }

    /** Runs what the store lacks of these specs, in as many worker processes as the machine's rule says. */
    public static Outcome sweep(List<Spec> specs, Store store, Library library) {
        try (Workers workers = Workers.of(store, library)) {
            Outcome outcome = Sweep.of(specs, store).telling(progress -> line(progress.text())).run(workers.all());
            outcome.remarks().forEach(Watching::line);
            return outcome;
        }
    }

    static String text(Schedule schedule, Moment moment) {
        double left = ((double) moment.epochs() - moment.epoch() + 1 - (double) moment.step() / moment.stepsPerEpoch());
        return String.format("%s: epoch %d of %d, %3.0f %%, loss %.3f, accuracy %.1f %%, learning rate %.5f, %.0f images/s, %.1f epochs left",
                schedule.label(), moment.epoch(), moment.epochs(), 100. * moment.step() / moment.stepsPerEpoch(), moment.loss(),
                100 * moment.accuracy(), moment.learningRate(), moment.imagesPerSecond(), left);
    }

    /** Of something that is loaded. */
    public static void share(String what, long done, long total) {
        line(String.format("%s: %d of %d", what, done, total));
    }

    /** One line that replaces the last. */
    public static void line(String text) {
        System.err.println(text);
    }
}
