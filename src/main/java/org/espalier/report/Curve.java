package org.espalier.report;

/**
 * A line of a figure, with a band around it where {@code low} and {@code high} aren't empty.
 *
 * @param color  a CSS colour
 * @param dashed whether the line is broken
 */
public record Curve(String name, double[] x, double[] y, double[] low, double[] high, String color, boolean dashed) {
    /** Okabe and Ito's colours, which people of any colour vision tell apart. */
    private static final String[] COLORS = {"#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442", "#999999"};
    private static final String[] OTHERS = {COLORS[2], COLORS[3], COLORS[4]};

    public Curve {
        if (x.length != y.length || low.length != high.length || low.length != 0 && low.length != x.length) {
            throw new IllegalArgumentException("'" + name + "' has " + x.length + " x, " + y.length + " y, " + low.length + " lows and " + high.length
                    + " highs; a curve has as many of each, or no band");
        }
    }

    public static Curve of(String name, double[] x, double[] y) {
        return new Curve(name, x, y, new double[0], new double[0], colorOf(name), false);
    }

    public Curve withBand(double[] lower, double[] upper) {
        return new Curve(name, x, y, lower, upper, color, dashed);
    }

    public Curve withDashes() {
        return new Curve(name, x, y, low, high, color, true);
    }

    public Curve withColor(String other) {
        return new Curve(name, x, y, low, high, other, dashed);
    }

    /** The same schedule has the same colour in every figure; other names may share one. */
    public static String colorOf(String name) {
        for (String word : name.split("\\W+")) {
            switch (word) {
                case "FT" -> {
                    return COLORS[7];
                }
                case "LRW" -> {
                    return COLORS[0];
                }
                case "SLR" -> {
                    return COLORS[1];
                }
                case "CLR" -> {
                    return COLORS[5];
                }
                default -> { }
            }
        }
        return OTHERS[Math.floorMod(name.hashCode(), OTHERS.length)];
    }
}
