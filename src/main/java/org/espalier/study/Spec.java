package org.espalier.study;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

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
 */
public record Spec(String data, String network, String weights, String original, long originalSeed, String recipe,
        String plan, String criterion, String schedule, int epochs, long seed) {
    private static final String SEPARATOR = "; ";
    private static final Spec USUAL = new Spec("", "", "", "step", 1, "", "", "l1", "", 0, 1);

    /** @throws IllegalArgumentException when a value can't stand in a canonical text, or when budget and schedule don't belong together */
    public Spec {
        for (String value : List.of(data, network, weights, original, recipe, plan, criterion, schedule)) {
            if (value.contains(";") || value.chars().anyMatch(Character::isISOControl) || !value.equals(value.strip())) {
                throw new IllegalArgumentException("'" + value + "' can't stand in a spec: no semicolon, line break or space around it");
            }
        }
        if (plan.isEmpty() != schedule.isEmpty()) {
            throw new IllegalArgumentException("a plan and a schedule belong together, not plan '" + plan + "' and schedule '" + schedule + "'");
        }
        if (schedule.isEmpty() ? epochs != 0 : epochs < 1) {
            throw new IllegalArgumentException(schedule.isEmpty() ? "an original network has no retraining budget, not " + epochs + " epochs"
                    : "a retraining lasts at least 1 epoch, not " + epochs);
        }
    }

    /** The original network, trained as in the literature; change what differs with {@link #with}. */
    public static Spec original(String data, String network) {
        return USUAL.with("data", data).with("network", network);
    }

    /** This original network, pruned and retrained. */
    public Spec retrained(String plan, String criterion, String schedule, int epochs) {
        return new Spec(data, network, weights, original, originalSeed, recipe, plan, criterion, schedule, epochs, seed);
    }

    /** The original network that this starts from; of an original network, itself. */
    public Spec parent() {
        return new Spec(data, network, weights, original, originalSeed, recipe, "", USUAL.criterion, "", 0, USUAL.seed);
    }

    public boolean isOriginal() {
        return schedule.isEmpty();
    }

    /** The same with another value in one field. @throws IllegalArgumentException when there is no such field, or the value can't stand there */
    public Spec with(String field, Object value) {
        Map<String, Object> fields = fields();
        if (fields.replace(field, value) == null) {
            throw unknown(List.of(field));
        }
        return of(fields);
    }

    /** Every field by its name, in the order of the canonical text. */
    public Map<String, Object> fields() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("data", data);
        fields.put("network", network);
        fields.put("weights", weights);
        fields.put("original", original);
        fields.put("originalSeed", originalSeed);
        fields.put("recipe", recipe);
        fields.put("plan", plan);
        fields.put("criterion", criterion);
        fields.put("schedule", schedule);
        fields.put("epochs", epochs);
        fields.put("seed", seed);
        return fields;
    }

    private static Spec of(Map<String, Object> f) {
        return new Spec(f.get("data").toString(), f.get("network").toString(), f.get("weights").toString(), f.get("original").toString(),
                number(f, "originalSeed"), f.get("recipe").toString(), f.get("plan").toString(), f.get("criterion").toString(),
                f.get("schedule").toString(), Math.toIntExact(number(f, "epochs")), number(f, "seed"));
    }

    /** Canonical, one line: {@code data=cifar10; network=cifar-resnet-56; plan=R56-B; schedule=clr; epochs=72}; {@link #parse} reads it back. */
    public String text() {
        Map<String, Object> usual = USUAL.fields();
        return fields().entrySet().stream().filter(field -> !field.getValue().equals(usual.get(field.getKey())))
                .map(field -> field.getKey() + "=" + field.getValue()).collect(Collectors.joining(SEPARATOR));
    }

    /** @throws IllegalArgumentException when it isn't a spec's text, or has a field that this release doesn't know */
    public static Spec parse(String text) {
        Map<String, Object> fields = USUAL.fields();
        List<String> seen = new ArrayList<>();
        for (String field : text.split(";")) {
            String part = field.strip();
            int equals = part.indexOf('=');
            String name = equals < 0 ? part : part.substring(0, equals);
            if (equals < 0 || fields.replace(name, part.substring(equals + 1).strip()) == null) {
                throw unknown(List.of(name));
            }
            if (seen.contains(name)) {
                throw new IllegalArgumentException("'" + name + "' stands twice in '" + text + "'");
            }
            seen.add(name);
        }
        return of(fields);
    }

    /** 16 hex digits: the beginning of the SHA-256 of {@link #text()}. The same in every release. */
    public String id() {
        return hash(text());
    }

    static String hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }

    private static long number(Map<String, Object> fields, String name) {
        try {
            return Long.parseLong(fields.get(name).toString());
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(name + " is a whole number, not '" + fields.get(name) + "'", e);
        }
    }

    private static IllegalArgumentException unknown(List<String> names) {
        return new IllegalArgumentException("a spec has no field " + names + "; it has " + USUAL.fields().keySet()
                + ". Was this written by a newer release of Espalier?");
    }

    @Override
    public String toString() {
        return text();
    }
}
