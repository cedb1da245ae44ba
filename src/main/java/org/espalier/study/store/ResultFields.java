package org.espalier.study.store;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.regex.Pattern;
import org.espalier.study.Provenance;
import org.espalier.study.Result;
import org.espalier.study.Spec;

/** What a result is besides its spec, field by field, as rows of a store and CSV files have it. */
final class ResultFields {
    static final String REMARKS = "remarks";
    static final String TOP_FIVE = "lastTopFive";
    static final String ARCHITECTURE = "architecture";
    private static final String BETWEEN = " | ";

    private ResultFields() {
    }

    /** Numbers and texts in the order of a row; a field that says nothing is left out. */
    static Map<String, Object> of(Result result) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("before", result.before());
        fields.put("pruned", result.pruned());
        fields.put("last", result.last());
        if (result.hasBest()) {
            fields.put("best", result.best());
            fields.put("bestEpoch", result.bestEpoch());
        }
        fields.put("split", result.split());
        fields.put("parameters", result.parameters());
        fields.put("macs", result.macs());
        if (!result.architecture().isEmpty()) {
            fields.put(ARCHITECTURE, result.architecture());
        }
        if (!result.remarks().isEmpty()) {
            fields.put(REMARKS, String.join(BETWEEN, result.remarks()));
        }
        result.lastTopFive().ifPresent(share -> fields.put(TOP_FIVE, share));
        fields.put("originalSha256", result.originalSha256());
        fields.put("history", result.history());
        fields.put("seconds", result.seconds());
        Provenance provenance = result.provenance();
        fields.put("commit", provenance.commit());
        fields.put("djl", provenance.djl());
        fields.put("libtorch", provenance.libtorch());
        fields.put("device", provenance.device());
        fields.put("threads", provenance.threads());
        fields.put("layout", provenance.layout());
        fields.put("processor", provenance.processor());
        fields.put("host", provenance.host());
        fields.put("started", provenance.started().toString());
        return fields;
    }

    /**
     * The inverse; a field that is empty isn't there. Older releases didn't write all.
     *
     * @throws IllegalArgumentException   that names the field which is missing or has no such value
     * @throws java.time.DateTimeException when the start is no time
     */
    static Result read(Spec spec, Map<String, String> fields) {
        boolean best = has(fields, "best");
        if (best != has(fields, "bestEpoch")) {
            throw new IllegalArgumentException("best and bestEpoch stand together or not at all, not '" + fields.get("best") + "' and '"
                    + fields.get("bestEpoch") + "'");
        }
        String remarks = fields.getOrDefault(REMARKS, "");
        return new Result(spec, share(fields, "before"), share(fields, "pruned"), share(fields, "last"), best ? share(fields, "best") : Double.NaN,
                best ? (int) whole(fields, "bestEpoch") : 0, text(fields, "split"), whole(fields, "parameters"), whole(fields, "macs"),
                fields.getOrDefault("originalSha256", ""), number(fields, "seconds"), text(fields, "history"),
                new Provenance(text(fields, "commit"), text(fields, "djl"), text(fields, "libtorch"), text(fields, "device"),
                        (int) whole(fields, "threads"), text(fields, "layout"), fields.getOrDefault("processor", "unknown"), text(fields, "host"),
                        Instant.parse(text(fields, "started"))), fields.getOrDefault(ARCHITECTURE, ""),
                remarks.isEmpty() ? List.of() : List.of(remarks.split(Pattern.quote(BETWEEN))),
                has(fields, TOP_FIVE) ? OptionalDouble.of(share(fields, TOP_FIVE)) : OptionalDouble.empty());
    }

    private static boolean has(Map<String, String> fields, String name) {
        return !fields.getOrDefault(name, "").isEmpty();
    }

    static String text(Map<String, String> fields, String name) {
        String value = fields.get(name);
        if (value == null) {
            throw new IllegalArgumentException("a row without '" + name + "': " + fields);
        }
        return value;
    }

    private static double share(Map<String, String> fields, String name) {
        double value = number(fields, name);
        if (!(value >= 0 && value <= 1)) {
            throw new IllegalArgumentException(name + " is a share of the test images, 0 to 1, not " + fields.get(name));
        }
        return value;
    }

    private static double number(Map<String, String> fields, String name) {
        try {
            return Double.parseDouble(text(fields, name));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(name + " is a number, not '" + fields.get(name) + "'", e);
        }
    }

    private static long whole(Map<String, String> fields, String name) {
        try {
            long value = Long.parseLong(text(fields, name));
            if (value < 0 || value > 1L << 50) {
                throw new IllegalArgumentException(name + " is at least 0, not " + value);
            }
            return value;
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(name + " is a whole number, not '" + fields.get(name) + "'", e);
        }
    }
}
