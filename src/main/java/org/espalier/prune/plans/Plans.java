package org.espalier.prune.plans;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.espalier.prune.Plan;
import org.espalier.text.CanonicalText;

/** The plans that a text can name: those of {@link PaperPlans}, and calls such as {@code uniform(0.5)}. */
public final class Plans {
    private static final Pattern CALL = Pattern.compile("(uniform|widths|macs|parameters)\\((.*)\\)");

    private Plans() {
    }

    /** Every plan of {@link PaperPlans}, by its name. */
    public static Map<String, Plan> named() {
        return PaperPlans.BY_NAME;
    }

    /** @throws IllegalArgumentException that says what is known */
    public static Plan parse(String text) {
        Matcher call = CALL.matcher(text);
        if (text.equals("found")) {
            return new FoundPlan();
        }
        if (!call.matches()) {
            return named(text);
        }
        try {
            return switch (call.group(1)) {
                case "uniform" -> uniform(call.group(2).split(",", -1));
                case "widths" -> WidthsPlan.of(CanonicalText.parse("widths of=" + call.group(2)).numbers("of", List.of()));
                default -> target(TargetPlan.Cost.valueOf(call.group(1).toUpperCase(Locale.ROOT)), call.group(2).split(","));
            };
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("'" + text + "' is no plan: a number stands between the brackets, as in uniform(0.5)", e);
        }
    }

    private static Plan uniform(String[] parts) {
        if (parts.length > 1 && !(parts.length == 2 && parts[1].strip().equals("all"))) {
            throw new IllegalArgumentException("'uniform(" + String.join(",", parts) + ")' is no plan; uniform(0.5) prunes the prunable groups, uniform(0.5,all) all of them");
        }
        return new UniformPlan(Double.parseDouble(parts[0]), parts.length == 1 ? UniformPlan.Groups.PRUNABLE : UniformPlan.Groups.ALL);
    }

    private static Plan target(TargetPlan.Cost cost, String[] parts) {
        TargetPlan plan = TargetPlan.of(cost, Double.parseDouble(parts[0].strip()));
        for (int i = 1; i < parts.length; i++) {
            String part = parts[i].strip();
            if (part.equals("global")) {
                plan = plan.globally();
            } else if (part.startsWith("floor=")) {
                plan = plan.keeping(Double.parseDouble(part.substring(6)), plan.ceiling());
            } else if (part.startsWith("ceiling=")) {
                plan = plan.keeping(plan.floor(), Double.parseDouble(part.substring(8)));
            } else {
                throw new IllegalArgumentException("'" + part + "' is no part of a target; known are global, floor=0.1 and ceiling=0.9");
            }
        }
        return plan;
    }

    private static Plan named(String text) {
        Plan named = PaperPlans.BY_NAME.get(text);
        if (named == null) {
            throw new IllegalArgumentException("'" + text + "' is no plan; known are uniform(ratio), uniform(ratio,all), macs(fraction), parameters(fraction), widths(list), found and "
                    + PaperPlans.BY_NAME.keySet().stream().sorted().collect(Collectors.joining(", ")));
        }
        return named;
    }
}
