package org.espalier.report;

import java.util.Map;
import java.util.stream.Collectors;
import org.espalier.display.Bundle;
import org.espalier.display.Html;
import org.espalier.display.Renderable;
import org.espalier.study.Spec;
import org.espalier.study.sweep.Progress;

/** How far a sweep is, for who watches it: in a notebook a bar for all of it and one for each training that is under way; a line of text elsewhere. */
record SweepView(Progress progress) implements Renderable {

    @Override
    public Map<String, Object> render() {
        double begun = progress.running().stream().mapToDouble(Progress.Running::share).sum();
        String running = progress.running().stream().map(run -> LiveLine.bar(name(run.job().longest()), run.share())).collect(Collectors.joining());
        return Map.of(Bundle.TEXT, progress.text(), Bundle.HTML, LiveLine.bar(progress.text(), (progress.done() + progress.failed() + begun) / Math.max(1, progress.total()))
                + "<div style='padding-left:1.5em;opacity:.7;font-size:.9em'>" + running + "</div>");
    }

    private static String name(Spec spec) {
        return Html.escape(spec.isOriginal() ? "original network, seed " + spec.originalSeed()
                : Studies.treatment(spec) + ", " + spec.epochs() + " epochs, seed " + spec.seed());
    }
}
