package org.espalier.method.gal;

/**
 * GAL's masks between two steps of FISTA (Beck and Teboulle 2009) with a projection onto what isn't negative. With alpha' = (1 + sqrt(1 + 4
 * alpha^2)) / 2 and y = m + (alpha - 1) / alpha' (m - previous m), a step is m' = max(0, soft(y - rate g, rate lambda)), where soft(x, t) = sign(x)
 * max(0, |x| - t).
 *
 * @param masks    m
 * @param previous the masks of the step before
 */
record Fista(float[] masks, float[] previous, double alpha) {

    static Fista of(float[] masks) {
        return new Fista(masks, masks, 1);
    }

    /** As it is after so many steps, whose number alone decides alpha. */
    static Fista after(int steps, float[] masks, float[] previous) {
        double alpha = 1;
        for (int step = 0; step < steps; step++) {
            alpha = next(alpha);
        }
        return new Fista(masks, previous, alpha);
    }

    private static double next(double alpha) {
        return (1 + Math.sqrt(1 + 4 * alpha * alpha)) / 2;
    }

    /** @param gradient g, of the loss; in the authors' code of lambda |m|, too, so that lambda acts twice */
    Fista step(float[] gradient, double rate, double lambda) {
        double next = next(alpha);
        float[] moved = new float[masks.length];
        for (int i = 0; i < moved.length; i++) {
            double y = masks[i] + (alpha - 1) / next * (masks[i] - previous[i]);
            moved[i] = (float) Math.max(0, y - rate * gradient[i] - rate * lambda);
        }
        return new Fista(moved, masks, next);
    }
}
