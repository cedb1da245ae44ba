package org.espalier.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.espalier.display.Bundle;
import org.espalier.display.Views;
import org.espalier.study.Spec;
import org.espalier.study.sweep.Job;
import org.espalier.study.sweep.Progress;
import org.espalier.train.Epoch;
import org.espalier.train.TrainingProgress;
import org.junit.jupiter.api.Test;

/** What a notebook shows while it trains and sweeps; where there is only text, one line. */
class LiveViewTest {
    private static final double[] RATES = {.1, .05, 0};

    private static Epoch epoch(int number, double test) {
        return new Epoch(number, .1, .5, .6 + .01 * number, OptionalDouble.empty(), .4, test, 1);
    }

    private static TrainingView view(int epoch, Epoch... history) {
        return new TrainingView("CLR <b>", new TrainingProgress(epoch, 4, 5, 10, .05, .25, .8, 1234), List.of(history), RATES, 30);
    }

    private static String html(Object view) throws Exception {
        String html = String.valueOf(Views.of(view).data().get(Bundle.HTML));
        // Well-formed: what isn't would garble the page below it.
        DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new ByteArrayInputStream(("<x>" + html + "</x>").getBytes(StandardCharsets.UTF_8)));
        return html;
    }

    @Test
    void aTrainingShowsABarAndGrowingCurves() throws Exception {
        String first = html(view(1));
        String third = html(view(3, epoch(1, .5), epoch(2, Double.NaN)));
        assertTrue(first.contains("width:12.5%") && third.contains("width:62.5%"), third);
        assertEquals(0, Pattern.compile("<circle").matcher(first).results().count(), "nothing is evaluated yet");
        assertEquals(1, Pattern.compile("<circle").matcher(third).results().count());
        assertTrue(third.contains("training 80.0 %, test 50.0 %"), third);
        assertTrue(third.contains("CLR &lt;b&gt;"), "a schedule's label may hold anything");
        assertTrue(!third.contains("NaN"), third);
    }

    @Test
    void whereThereIsOnlyTextItIsOneLine() {
        assertEquals("CLR <b>: epoch 3 of 4, 50 %; loss 0.250, training accuracy 80.0 %, learning rate 0.05000; 1234 images/s, 0:18 left",
                Views.of(view(3, epoch(1, .5), epoch(2, .6))).text());
    }

    @Test
    void aSweepShowsABarForEachTrainingUnderWay() throws Exception {
        Spec original = Spec.original("fashion-mnist-sample", "cifar-resnet-8 channels=1");
        Spec pruned = original.retrained("uniform(0.5)", "l1", "clr", 4).with("seed", 2);
        Progress progress = new Progress(4, 1, 0, List.of(new Progress.Running(new Job(List.of(pruned)), .5)), Duration.ofSeconds(10), Optional.empty());
        String html = html(new SweepView(progress));
        assertTrue(html.contains("width:37.5%") && html.contains("width:50.0%") && html.contains("l1 + CLR, 4 epochs, seed 2"), html);
        assertEquals(progress.text(), Views.of(new SweepView(progress)).text());
    }
}
