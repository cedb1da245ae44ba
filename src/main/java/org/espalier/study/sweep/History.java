package org.espalier.study.sweep;

import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import org.espalier.train.Epoch;

/** The epochs of a training as comma-separated values, with a header line; of an epoch that was not evaluated the test columns are empty. */
public final class History {
    private static final String HEAD = "epoch,learningRate,trainLoss,trainAccuracy,validationAccuracy,testLoss,testAccuracy,seconds\n";
    private static final String HEAD_OF_FIVE = HEAD.strip() + ",testTopFive\n";

    private History() {
    }

    /** With a ninth column where there is a top-5 accuracy. */
    public static String text(List<Epoch> epochs) {
        boolean five = epochs.stream().anyMatch(epoch -> epoch.testTopFive().isPresent());
        return (five ? HEAD_OF_FIVE : HEAD) + epochs.stream().map(epoch -> String.join(",", "" + epoch.number(), "" + epoch.learningRate(), "" + epoch.trainLoss(),
                "" + epoch.trainAccuracy(), epoch.validationAccuracy().isPresent() ? "" + epoch.validationAccuracy().getAsDouble() : "",
                epoch.isEvaluated() ? "" + epoch.testLoss() : "", epoch.isEvaluated() ? "" + epoch.testAccuracy() : "", "" + epoch.seconds())
                + (five ? "," + epoch.testTopFive().orElse(Double.NaN) : "") + "\n").collect(Collectors.joining());
    }

    /** @throws IllegalArgumentException when it isn't what {@link #text} wrote */
    public static List<Epoch> parse(String text) {
        boolean five = text.startsWith(HEAD_OF_FIVE);
        if (!five && !text.startsWith(HEAD)) {
            throw new IllegalArgumentException("a history begins with the line " + HEAD);
        }
        return text.lines().skip(1).map(line -> {
            String[] values = line.split(",");
            if (values.length != (five ? 9 : 8)) {
                throw new IllegalArgumentException("a line of a history has " + (five ? 9 : 8) + " values, unlike " + line);
            }
            return new Epoch(Integer.parseInt(values[0]), real(values[1]), real(values[2]), real(values[3]),
                    values[4].isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(real(values[4])),
                    real(values[5]), real(values[6]), real(values[7]), five ? OptionalDouble.of(real(values[8])) : OptionalDouble.empty());
        }).toList();
    }

    private static double real(String text) {
        return text.isEmpty() ? Double.NaN : Double.parseDouble(text);
    }
}
