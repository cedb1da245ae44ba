package org.espalier.prune.criteria;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongFunction;
import org.espalier.prune.Criterion;

/** The criteria that a text can name, a line each. */
public final class Criteria {
    private static final Map<String, LongFunction<Criterion>> BY_NAME = new LinkedHashMap<>();

    static {
        BY_NAME.put("l1", seed -> new L1Norm());
        BY_NAME.put("l2", seed -> new L2Norm());
        BY_NAME.put("random", RandomScore::new);
        BY_NAME.put("fpgm", seed -> new GeometricMedian());
        BY_NAME.put("bn-scale", seed -> new BatchNormScale());
        BY_NAME.put("taylor", seed -> new Taylor());
        BY_NAME.put("hrank", seed -> new HRank());
        BY_NAME.put("thinet", ThiNet::new);
    }

    private Criteria() {
    }

    public static Criterion parse(String text, long seed) {
        LongFunction<Criterion> known = BY_NAME.get(text);
        if (known == null) {
            throw new IllegalArgumentException("'" + text + "' is no criterion; known are " + String.join(", ", BY_NAME.keySet())
                    + ", and public records on the class path by their full names");
        }
        return known.apply(seed);
    }

    /** What a text calls it; empty for one that isn't listed here. */
    public static Optional<String> name(Criterion criterion) {
        return BY_NAME.entrySet().stream().filter(known -> known.getValue().apply(0).getClass() == criterion.getClass()).map(Map.Entry::getKey).findFirst();
    }
}
