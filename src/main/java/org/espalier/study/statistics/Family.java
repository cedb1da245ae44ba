package org.espalier.study.statistics;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.espalier.study.Result;

/**
 * The tests of a study, all that are made and in one family: their p-values are corrected together, by Holm's method. As a text, one test a
 * block, with an empty line between two:
 *
 * <pre>{@code
 * claim  = CLR beats FT                                           # a name
 * first  = plan=R20-D; criterion=l1; schedule=clr; epochs=38
 * second = plan=R20-D; criterion=l1; schedule=ft; epochs=38
 * expect = above 0                                                # of first minus second, in points; or: within 0.5, above -0.3
 * control first  = plan=uniform(0.0); schedule=clr; epochs=20     # these two may be left out: their difference is taken off
 * control second = plan=uniform(0.0); schedule=ft; epochs=20
 * }</pre>
 */
public record Family(List<Hypothesis> hypotheses) {
    private static final List<String> FIELDS = List.of("claim", "first", "second", "expect", "control first", "control second");

    public Family {
        hypotheses = List.copyOf(hypotheses);
        if (hypotheses.isEmpty() || hypotheses.stream().map(Hypothesis::name).distinct().count() < hypotheses.size()) {
            throw new IllegalArgumentException("a family has at least one test, and each a name of its own");
        }
    }

    /** What the results say of each, corrected for their number; tests without results count among them. */
    public List<Claim> judge(List<Result> results) {
        return Claim.corrected(hypotheses.stream().map(hypothesis -> hypothesis.judge(results)).toList());
    }

    public static Family read(Path file) {
        try {
            return parse(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException("the claims in " + file + " can't be read: " + e.getMessage(), e);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
        }
    }

    /** @throws IllegalArgumentException that names the line */
    public static Family parse(String text) {
        List<Hypothesis> hypotheses = new ArrayList<>();
        Map<String, String> block = new LinkedHashMap<>();
        int number = 0;
        for (String line : (text + "\n\n").lines().toList()) {
            number++;
            String content = line.replaceFirst("#.*", "").strip();
            try {
                if (line.isBlank() && !block.isEmpty()) {
                    hypotheses.add(hypothesis(block));
                    block.clear();
                } else if (!content.isEmpty()) {
                    int equals = content.indexOf('=');
                    String field = equals < 0 ? content : content.substring(0, equals).strip();
                    if (equals < 0 || !FIELDS.contains(field) || block.put(field, content.substring(equals + 1).strip()) != null) {
                        throw new IllegalArgumentException("'" + line + "' is no 'field = value', or names a field again; the fields are " + FIELDS
                                + ", and an empty line begins another test");
                    }
                }
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("line " + number + " of the claims: " + e.getMessage(), e);
            }
        }
        return new Family(hypotheses);
    }

    private static Hypothesis hypothesis(Map<String, String> block) {
        for (String field : FIELDS.subList(0, 4)) {
            if (!block.containsKey(field)) {
                throw new IllegalArgumentException("the test that ends here has no '" + field + "'");
            }
        }
        if (block.containsKey("control first") != block.containsKey("control second")) {
            throw new IllegalArgumentException("the test that ends here has one side of a control");
        }
        String[] expect = block.get("expect").split("\\s+");
        if (expect.length != 2 || !expect[0].matches("above|within") || !expect[1].matches("-?\\d{1,3}(\\.\\d{1,6})?")) {
            throw new IllegalArgumentException("'" + block.get("expect") + "' is no expectation; 'above 0', 'above -0.3' and 'within 0.5' are");
        }
        double bound = Double.parseDouble(expect[1]);
        return new Hypothesis(block.get("claim"), Arm.parse(block.get("first")), Arm.parse(block.get("second")),
                Optional.ofNullable(block.get("control first")).map(first -> new Hypothesis.Control(Arm.parse(first), Arm.parse(block.get("control second")))),
                expect[0].equals("above") ? bound : -bound, expect[0].equals("above") ? Double.POSITIVE_INFINITY : bound);
    }
}
