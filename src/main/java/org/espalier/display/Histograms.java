package org.espalier.display;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Histograms are counted here, so that the static and the interactive picture have the same bins. Each trace of the type {@code histogram}
 * becomes one of the type {@code bar}.
 */
final class Histograms {
    private Histograms() { }

    static List<Map<String, Object>> counted(List<Map<String, Object>> traces) {
        List<Map<String, Object>> counted = new ArrayList<>();
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        int most = 0;
        int asked = 0;
        for (Map<String, Object> fields : traces) {
            Trace trace = new Trace(fields);
            if (countable(trace)) {
                double[] values = finite(trace);
                low = Math.min(low, Arrays.stream(values).min().orElse(low));
                high = Math.max(high, Arrays.stream(values).max().orElse(high));
                most = Math.max(most, values.length);
                asked = Math.max(asked, (int) trace.number("nbinsx", 0));
            }
        }
        double width = width(low, high, asked > 0 ? asked : (int) Math.ceil(Math.log(Math.max(most, 1)) / Math.log(2) + 1));
        for (Map<String, Object> fields : traces) {
            Trace trace = new Trace(fields);
            counted.add(countable(trace) ? bars(trace, low, high, width) : fields);
        }
        return counted;
    }

    private static boolean countable(Trace trace) {
        return trace.type().equals("histogram") && trace.has("x") && !trace.has("y") && trace.kind("x") == AxisKind.NUMBERS;
    }

    private static double[] finite(Trace trace) {
        return Arrays.stream(trace.numbers("x")).filter(Double::isFinite).toArray();
    }

    /** A round width: 1, 2 or 5 times a power of ten. */
    private static double width(double low, double high, int bins) {
        double raw = (high - low) / Math.max(bins, 1);
        if (!(raw > 0) || Double.isInfinite(raw)) {
            return 1;
        }
        double power = Math.pow(10, Math.floor(Math.log10(raw)));
        double factor = raw / power;
        return power * (factor <= 1 ? 1 : factor <= 2 ? 2 : factor <= 5 ? 5 : 10);
    }

    private static Map<String, Object> bars(Trace trace, double low, double high, double width) {
        double[] values = finite(trace);
        long first = (long) Math.floor(low / width);
        int bins = (int) ((long) Math.floor(high / width) - first + 1);
        double[] counts = new double[bins];
        for (double value : values) {
            counts[(int) ((long) Math.floor(value / width) - first)]++;
        }
        double scale = switch (trace.text("histnorm", "")) {
            case "percent" -> 100.0 / values.length;
            case "probability" -> 1.0 / values.length;
            case "density" -> 1 / width;
            case "probability density" -> 1 / (values.length * width);
            default -> 1;
        };
        List<Object> x = new ArrayList<>();
        List<Object> y = new ArrayList<>();
        for (int i = 0; i < bins; i++) {
            x.add(round((first + i + 0.5) * width));
            y.add(counts[i] * scale);
        }
        Map<String, Object> bars = new LinkedHashMap<>(trace.fields());
        List.of("nbinsx", "nbinsy", "autobinx", "autobiny", "histnorm", "histfunc").forEach(bars::remove);
        bars.put("type", "bar");
        bars.put("x", x);
        bars.put("y", y);
        bars.put("width", width);
        return bars;
    }

    /** Middles of bins without the last bits' noise. */
    private static double round(double value) {
        return value == 0 ? 0 : new java.math.BigDecimal(value).round(new java.math.MathContext(10)).doubleValue();
    }
}
