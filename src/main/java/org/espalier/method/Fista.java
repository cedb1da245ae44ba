package org.espalier.method;

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

    /** @param gradient g, of the loss and of lambda |m|, as the authors' code has it: lambda acts twice */
    Fista step(float[] gradient, double rate, double lambda) {
        double next = (1 + Math.sqrt(1 + 4 * alpha * alpha)) / 2;
        float[] moved = new float[masks.length];
        for (int i = 0; i < moved.length; i++) {
            double y = masks[i] + (alpha - 1) / next * (masks[i] - previous[i]);
            moved[i] = (float) Math.max(0, y - rate * gradient[i] - rate * lambda);
        }
        return new Fista(moved, masks, next);
    }
}
