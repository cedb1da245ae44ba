package org.espalier.study;

import java.nio.charset.StandardCharsets;
import org.espalier.text.Sha256;

/**
 * A result's id: the first 16 hex digits of the SHA-256 of its {@link Spec}'s text. The same in every release and on every machine, so that a
 * result is found again wherever it was measured. It has to do with nothing that was measured, only with what was asked.
 */
final class ResultId {
    private static final int DIGITS = 16;

    private ResultId() { }

    static String of(Spec spec) {
        return Sha256.of(spec.text().getBytes(StandardCharsets.UTF_8)).substring(0, DIGITS);
    }
}
