package org.espalier.study;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** A run that ended without a result: why, where and when. It can be tried again on demand. */
public record Failure(Spec spec, String cause, String host, Instant when) {

    public Failure {
        when = when.truncatedTo(ChronoUnit.SECONDS);
    }

    public static Failure of(Spec spec, String cause) {
        return new Failure(spec, cause, Provenance.thisHost(), Instant.now());
    }

    /** The messages of an error and its causes, in one line. */
    public static String cause(Throwable error) {
        StringBuilder text = new StringBuilder();
        for (Throwable e = error; e != null && text.length() < 2000; e = e.getCause()) {
            String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage().strip().replaceAll("\\s*\\R\\s*", " / ");
            if (text.indexOf(message) < 0) {
                text.append(text.isEmpty() ? "" : "; caused by: ").append(message);
            }
        }
        return text.toString();
    }
}
