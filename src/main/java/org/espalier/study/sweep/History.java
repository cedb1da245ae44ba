package org.espalier.study.sweep;

import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import org.espalier.train.Epoch;

/** The epochs of a training as comma-separated values, with a header line; of an epoch that was not evaluated the test columns are empty. */
public final class History {
    private static final String HEAD = "epoch,learningRate,trainLoss,trainAccuracy,validationAccuracy,testLoss,testAccuracy,seconds\n";

    private History() {
    }

    public static String text(List<Epoch> epochs) {
        return HEAD + epochs.stream().map(epoch -> String.join(",", "" + epoch.number(), "" + epoch.learningRate(), "" + epoch.trainLoss(),
                "" + epoch.trainAccuracy(), epoch.validationAccuracy().isPresent() ? "" + epoch.validationAccuracy().getAsDouble() : "",
                epoch.isEvaluated() ? "" + epoch.testLoss() : "", epoch.isEvaluated() ? "" + epoch.testAccuracy() : "", "" + epoch.seconds()) + "\n").collect(Collectors.joining());
    }

    /** @throws IllegalArgumentException when it isn't what {@link #text} wrote */
    public static List<Epoch> parse(String text) {
        if (!text.startsWith(HEAD)) {
            throw new IllegalArgumentException("a history begins with the line " + HEAD);
        }
        return text.lines().skip(1).map(line -> {
            String[] values = line.split(",");
            if (values.length != 8) {
                throw new IllegalArgumentException("a line of a history has 8 values, unlike " + line);
            }
            return new Epoch(Integer.parseInt(values[0]), real(values[1]), real(values[2]), real(values[3]),
                    values[4].isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(real(values[4])),
                    real(values[5]), real(values[6]), real(values[7]));
        }).toList();
    }

    private static double real(String text) {
        return text.isEmpty() ? Double.NaN : Double.parseDouble(text);
    }
}
