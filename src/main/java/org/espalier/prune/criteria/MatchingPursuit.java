package org.espalier.prune.criteria;

import java.util.Arrays;

/**
 * Orthogonal matching pursuit: rebuilds y = sum of all x_c from few of the columns. It takes the column that with its own best factor leaves the
 * least of what isn't rebuilt yet, fits the factors of all that were taken by least squares, and takes the next.
 */
public final class MatchingPursuit {
    /** A column that is this close to those that were taken adds nothing that a number could tell. */
    private static final double DEPENDENT = 1e-10;

    /** X^T X of the rows so far, which holds X^T y, too: its rows' sums. */
    private final double[][] gram;

    /**
     * What was taken.
     *
     * @param chosen  columns in the order in which they were taken
     * @param factors of these, by least squares
     */
    public record Fit(int[] chosen, double[] factors) {
    }

    private MatchingPursuit(int columns) {
        gram = new double[columns][columns];
    }

    public static MatchingPursuit of(int columns) {
        return new MatchingPursuit(columns);
    }

    /** One row of X. */
    public void add(double[] x) {
        for (int i = 0; i < x.length; i++) {
            for (int j = 0; j < x.length && x[i] != 0; j++) {
                gram[i][j] += x[i] * x[j];
            }
        }
    }

    /** Takes so many columns. */
    public Fit pursue(int count) {
        int columns = gram.length;
        double[] wanted = Arrays.stream(gram).mapToDouble(row -> Arrays.stream(row).sum()).toArray();
        double[] left = wanted.clone();
        boolean[] taken = new boolean[columns];
        int[] chosen = new int[count];
        double[][] cholesky = new double[count][];
        double[] factors = new double[0];
        for (int size = 0; size < count; size++) {
            chosen[size] = best(left, taken);
            taken[chosen[size]] = true;
            cholesky[size] = row(cholesky, chosen, size);
            factors = solved(cholesky, chosen, wanted, size + 1);
            for (int j = 0; j < columns; j++) {
                left[j] = wanted[j];
                for (int k = 0; k <= size; k++) {
                    left[j] -= gram[j][chosen[k]] * factors[k];
                }
            }
        }
        return new Fit(chosen, factors);
    }

    private int best(double[] left, boolean[] taken) {
        int best = -1;
        double most = -1;
        for (int j = 0; j < left.length; j++) {
            double gain = gram[j][j] == 0 ? 0 : left[j] * left[j] / gram[j][j];
            if (!taken[j] && gain > most) {
                best = j;
                most = gain;
            }
        }
        return best;
    }

    /** The next row of L, where L L^T is the matrix of the chosen columns; of a dependent column, one that gives it the factor 0. */
    private double[] row(double[][] cholesky, int[] chosen, int size) {
        double[] row = new double[size + 1];
        double rest = gram[chosen[size]][chosen[size]];
        double all = rest;
        for (int i = 0; i < size; i++) {
            double value = gram[chosen[size]][chosen[i]];
            for (int k = 0; k < i; k++) {
                value -= row[k] * cholesky[i][k];
            }
            row[i] = Double.isInfinite(cholesky[i][i]) ? 0 : value / cholesky[i][i];
            rest -= row[i] * row[i];
        }
        row[size] = rest > DEPENDENT * all ? Math.sqrt(rest) : Double.POSITIVE_INFINITY;
        return row;
    }

    private static double[] solved(double[][] cholesky, int[] chosen, double[] wanted, int size) {
        double[] x = new double[size];
        for (int i = 0; i < size; i++) {
            double value = wanted[chosen[i]];
            for (int k = 0; k < i; k++) {
                value -= cholesky[i][k] * x[k];
            }
            x[i] = value / cholesky[i][i];
        }
        for (int i = size - 1; i >= 0; i--) {
            double value = x[i];
            for (int k = i + 1; k < size; k++) {
                value -= cholesky[k][i] * x[k];
            }
            x[i] = value / cholesky[i][i];
        }
        return x;
    }
}
