package org.espalier.study.sweep;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * How far a sweep is.
 *
 * @param total   trainings that it consists of, originals included
 * @param done    with a result, however old
 * @param failed  here or before
 * @param running what this process does now, each with its share
 * @param elapsed since the sweep began
 * @param left    until it ends, by what the finished part has cost; empty until that can be said
 */
public record Progress(int total, int done, int failed, List<Running> running, Duration elapsed, Optional<Duration> left) {

    /** @param share of the training that is done, 0 to 1 */
    public record Running(Job job, double share) {
    }

    public Progress {
        running = List.copyOf(running);
    }

    /** One line: {@code 12 of 48 done, 2 running (34 %, 80 %), 1 failed, 0:12:40 elapsed, 0:41:10 left}. */
    public String text() {
        String shares = running.stream().map(run -> Math.round(100 * run.share) + " %").collect(Collectors.joining(", "));
        return done + " of " + total + " done" + (running.isEmpty() ? "" : ", " + running.size() + " running (" + shares + ")")
                + (failed == 0 ? "" : ", " + failed + " failed") + ", " + text(elapsed) + " elapsed"
                + left.map(duration -> ", " + text(duration) + " left").orElse("");
    }

    private static String text(Duration duration) {
        return String.format("%d:%02d:%02d", duration.toHours(), duration.toMinutesPart(), duration.toSecondsPart());
    }
}
