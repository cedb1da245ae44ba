package org.espalier.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.espalier.display.Bundle;
import org.espalier.display.Html;
import org.espalier.display.Renderable;
import org.espalier.train.Epoch;
import org.espalier.train.TrainingProgress;

/**
 * How far a training is, for who watches it: in a notebook a bar, the accuracy after each epoch, and the learning rate up to now over what is to
 * come; a line of text elsewhere.
 *
 * @param schedule its label
 * @param history  the epochs that are done
 * @param rates    over the whole budget, at equal distances
 * @param seconds  since the training began
 */
record TrainingView(String schedule, TrainingProgress now, List<Epoch> history, double[] rates, double seconds) implements Renderable {
    private static final String CURVE = "<polyline points='%s' fill='none' stroke='%s' stroke-width='1.5' stroke-opacity='%s'/>";
    private static final int WIDTH = 280;
    private static final int HEIGHT = 56;

    private double done() {
        return now.epoch() - 1 + (double) now.step() / now.stepsPerEpoch();
    }

    private String text() {
        return String.format(Locale.ROOT, "%s: epoch %d of %d, %.0f %%; loss %.3f, training accuracy %.1f %%, learning rate %.5f; %s",
                schedule, now.epoch(), now.epochs(), 100. * now.step() / now.stepsPerEpoch(), now.loss(), 100 * now.accuracy(), now.learningRate(), pace());
    }

    private String pace() {
        long left = Math.round(seconds * (now.epochs() - done()) / done());
        return String.format(Locale.ROOT, "%.0f images/s, %d:%02d left", now.imagesPerSecond(), left / 60, left % 60);
    }

    @Override
    public Map<String, Object> render() {
        String title = Html.escape(String.format(Locale.ROOT, "%s: epoch %d of %d; loss %.3f; %s", schedule, now.epoch(), now.epochs(), now.loss(), pace()));
        return Map.of(Bundle.TEXT, text(), Bundle.HTML, LiveLine.bar(title, done() / now.epochs()) + "<div>" + accuracies() + rate() + "</div>");
    }

    /** Of the test images after each evaluated epoch, dots; of the training images, a line that goes up to now. */
    private String accuracies() {
        List<double[]> training = new ArrayList<>();
        history.forEach(epoch -> training.add(new double[] {epoch.number(), epoch.trainAccuracy()}));
        training.add(new double[] {done(), now.accuracy()});
        List<Epoch> tested = history.stream().filter(Epoch::isEvaluated).toList();
        double low = Math.min(training.stream().mapToDouble(point -> point[1]).min().orElse(0), tested.stream().mapToDouble(Epoch::testAccuracy).min().orElse(1));
        double high = Math.max(low + .01, Math.max(training.stream().mapToDouble(point -> point[1]).max().orElse(1),
                tested.stream().mapToDouble(Epoch::testAccuracy).max().orElse(0)));
        String line = training.stream().map(point -> point(point[0] / now.epochs(), (point[1] - low) / (high - low))).collect(Collectors.joining(" "));
        String dots = tested.stream().map(epoch -> point((double) epoch.number() / now.epochs(), (epoch.testAccuracy() - low) / (high - low)).split(","))
                .map(at -> "<circle cx='" + at[0] + "' cy='" + at[1] + "' r='2.5' fill='#2563eb'/>").collect(Collectors.joining());
        String title = String.format(Locale.ROOT, "accuracy: training %.1f %%", 100 * now.accuracy())
                + (tested.isEmpty() ? "" : String.format(Locale.ROOT, ", test %.1f %%", 100 * tested.get(tested.size() - 1).testAccuracy()));
        return plot(title, String.format(Locale.ROOT, CURVE, line, "currentColor", ".5") + dots);
    }

    private String rate() {
        double highest = Math.max(1e-12, Arrays.stream(rates).max().orElse(1));
        List<String> points = new ArrayList<>();
        for (int i = 0; i < rates.length; i++) {
            points.add(point((double) i / Math.max(1, rates.length - 1), rates[i] / highest));
        }
        int here = (int) Math.ceil(done() / now.epochs() * points.size());
        return plot(String.format(Locale.ROOT, "learning rate: %.5f", now.learningRate()), String.format(CURVE, String.join(" ", points), "currentColor", ".25")
                + String.format(CURVE, String.join(" ", points.subList(0, Math.min(points.size(), Math.max(1, here)))), "#d97706", "1"));
    }

    private static String plot(String title, String curves) {
        return "<svg width='" + (WIDTH + 20) + "' height='" + (HEIGHT + 26) + "' viewBox='-6 -20 " + (WIDTH + 20) + " " + (HEIGHT + 26)
                + "' role='img'><text x='0' y='-7' font-size='11' fill='currentColor' fill-opacity='.7'>" + title + "</text>" + curves + "</svg>";
    }

    /** Both from 0 to 1, to the right and up. */
    private static String point(double x, double y) {
        return String.format(Locale.ROOT, "%.1f,%.1f", x * WIDTH, (1 - y) * HEIGHT);
    }
}
