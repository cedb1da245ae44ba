package org.espalier.study;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Everything that decides a result, and nothing else: the experiment is the value. Its canonical {@link #text()} leaves out every field that
 * has its default value, so that a field added later leaves the ids of old experiments alone; {@link #id()} is the hash of that text.
 *
 * <p>Without a plan and a schedule it is an original network: trained, and measured. With them it is that network pruned, retrained and
 * measured; {@link #parent()} is the original that it starts from.
 *
 * @param data         the data set's canonical text, for instance {@code cifar10}
 * @param network      the dense architecture's canonical text
 * @param weights      the stored network to take instead of training the original: {@code sha256:} and 16 hex digits; empty to train it
 * @param original     the schedule of the original training, for instance {@code step epochs=16}; its own epochs are its budget
 * @param originalSeed of the original training
 * @param recipe       what differs from the usual recipe (batch size, weight decay, ...) in original training and retraining; empty if nothing
 * @param plan         which layer loses how many filters; empty for an original network
 * @param criterion    which filters are lost; {@code l1} in the literature
 * @param schedule     of the retraining; empty for an original network
 * @param epochs       the budget of the retraining; 0 for an original network
 * @param seed         of the pruning and the retraining
 * @param method       how it is pruned; empty for one-shot
 */
public record Spec(String data, String network, String weights, String original, long originalSeed, String recipe,
        String plan, String criterion, String schedule, int epochs, long seed, String method) {
    private static final List<String> NAMES = List.of("data", "network", "weights", "original", "originalSeed", "recipe",
            "plan", "criterion", "schedule", "epochs", "seed", "method");
    private static final Spec USUAL = new Spec("", "", "", "step", 1, "", "", "l1", "", 0, 1, "");
    private static final String[] USUAL_VALUES = USUAL.values();

    /** @throws IllegalArgumentException when a value can't stand in a canonical text, or when budget and schedule don't belong together */
    public Spec {
        requireFit(data, network, weights, original, recipe, plan, criterion, schedule, method);
        if (plan.isEmpty() != schedule.isEmpty()) {
            throw new IllegalArgumentException("a plan and a schedule belong together, not plan '" + plan + "' and schedule '" + schedule + "'");
        }
        if (schedule.isEmpty() ? epochs != 0 : epochs < 1) {
            throw new IllegalArgumentException(schedule.isEmpty() ? "an original network has no retraining budget, not " + epochs + " epochs"
                    : "a retraining lasts at least 1 epoch, not " + epochs);
        }
        if (schedule.isEmpty() && !method.isEmpty()) {
            throw new IllegalArgumentException("an original network is pruned by no method, not by '" + method + "'");
        }
    }

    /** The original network, trained as in the literature; change what differs with {@link #with}. */
    public static Spec original(String data, String network) {
        return USUAL.with("data", data).with("network", network);
    }

    /** This original network, pruned and retrained. */
    public Spec retrained(String plan, String criterion, String schedule, int epochs) {
        return new Spec(data, network, weights, original, originalSeed, recipe, plan, criterion, schedule, epochs, seed, method);
    }

    /** The original network that this starts from; of an original network, itself. */
    public Spec parent() {
        return new Spec(data, network, weights, original, originalSeed, recipe, "", USUAL.criterion, "", 0, USUAL.seed, "");
    }

    public boolean isOriginal() {
        return schedule.isEmpty();
    }

    private static void requireFit(String... values) {
        for (String value : values) {
            boolean fits = value.isEmpty() || value.charAt(0) > ' ' && value.charAt(value.length() - 1) > ' ';
            for (int i = 0; i < value.length() && fits; i++) {
                fits = value.charAt(i) != ';' && !Character.isISOControl(value.charAt(i));
            }
            if (!fits) {
                throw new IllegalArgumentException("'" + value + "' can't stand in a spec: no semicolon, line break or space around it");
            }
        }
    }

    /** The same with another value in one field. @throws IllegalArgumentException when there is no such field, or the value can't stand there */
    public Spec with(String field, Object value) {
        String[] values = values();
        values[indexOf(field)] = value.toString();
        return of(values);
    }

    /** Every field's value by its name, in the order of the canonical text. */
    public Map<String, String> fields() {
        Map<String, String> fields = new LinkedHashMap<>();
        String[] values = values();
        for (int i = 0; i < values.length; i++) {
            fields.put(NAMES.get(i), values[i]);
        }
        return fields;
    }

    /** The names of all fields, in the order of the canonical text. */
    public static List<String> names() {
        return NAMES;
    }

    private String[] values() {
        return new String[] {data, network, weights, original, Long.toString(originalSeed), recipe, plan, criterion, schedule,
            Integer.toString(epochs), Long.toString(seed), method};
    }

    private static Spec of(String[] v) {
        return new Spec(v[0], v[1], v[2], v[3], whole(4, v[4]), v[5], v[6], v[7], v[8], epochs(whole(9, v[9])), whole(10, v[10]), v[11]);
    }

    /** Canonical, one line: {@code data=cifar10; network=cifar-resnet-56; plan=R56-B; schedule=clr; epochs=72}; {@link #parse} reads it back. */
    public String text() {
        StringBuilder text = new StringBuilder();
        String[] values = values();
        for (int i = 0; i < values.length; i++) {
            if (!values[i].equals(USUAL_VALUES[i])) {
                text.append(text.isEmpty() ? "" : "; ").append(NAMES.get(i)).append('=').append(values[i]);
            }
        }
        return text.toString();
    }

    /** @throws IllegalArgumentException when it isn't a spec's text, or has a field that this release doesn't know */
    public static Spec parse(String text) {
        String[] values = USUAL_VALUES.clone();
        boolean[] seen = new boolean[values.length];
        for (String part : text.split(";")) {
            int equals = part.indexOf('=');
            int index = indexOf(equals < 0 ? part.strip() : part.substring(0, equals).strip());
            if (equals < 0 || seen[index]) {
                throw new IllegalArgumentException("'" + part.strip() + "' in '" + text + "' is no field=value, or stands there twice");
            }
            seen[index] = true;
            values[index] = part.substring(equals + 1).strip();
        }
        return of(values);
    }

    private static int indexOf(String field) {
        int index = NAMES.indexOf(field);
        if (index < 0) {
            throw new IllegalArgumentException("a spec has no field '" + field + "'; it has " + NAMES
                    + ". Was this written by a newer release of Espalier?");
        }
        return index;
    }

    /** 16 hex digits, made of {@link #text()}: the id of what it results in. The same in every release. */
    public String id() {
        return ResultId.of(this);
    }

    private static int epochs(long number) {
        if (number != (int) number) {
            throw new IllegalArgumentException("a training of " + number + " epochs would never end");
        }
        return (int) number;
    }

    private static long whole(int field, String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(NAMES.get(field) + " is a whole number, not '" + text + "'", e);
        }
    }

    @Override
    public String toString() {
        return text();
    }
}
