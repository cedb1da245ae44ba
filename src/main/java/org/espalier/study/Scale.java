package org.espalier.study;

import java.util.Arrays;
import java.util.Locale;

/** How large a notebook works: the environment variable {@code ESPALIER_SCALE} chooses, and all ratios of the paper are kept. */
public enum Scale {
    /** Minutes on two cores, on the data in the jar: shows that everything works, and little else. */
    SMOKE,
    /** Hours on two cores, on real data. */
    LAPTOP,
    /** The paper's networks, data and budgets: days on a GPU. */
    PAPER;

    /** As the environment has it; smoke where it says nothing. */
    public static Scale current() {
        return of(System.getenv().getOrDefault("ESPALIER_SCALE", "smoke"));
    }

    public static Scale of(String name) {
        return Arrays.stream(values()).filter(scale -> scale.toString().equals(name)).findFirst().orElseThrow(() ->
                new IllegalArgumentException("ESPALIER_SCALE is smoke, laptop or paper, not '" + name + "'"));
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
