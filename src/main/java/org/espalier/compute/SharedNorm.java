package org.espalier.compute;

import ai.djl.ndarray.NDArray;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;
import org.espalier.model.Layer;

/**
 * A batch norm whose batch is in several shares: it makes of their moments what each of them needs, in an order that doesn't depend on which
 * is ready first. Its parameters and gradients are views of the engine's memory.
 */
final class SharedNorm {
    private final int width;
    private final FloatBuffer gamma;
    private final FloatBuffer beta;
    private final FloatBuffer runningMean;
    private final FloatBuffer runningVariance;
    private final FloatBuffer gammaGradient;
    private final FloatBuffer betaGradient;
    private final double[] mean;
    /** One over the standard deviation. */
    private final double[] precision;
    private long count;

    /** @param gradients where those of gamma and beta are left */
    SharedNorm(Layer.Norm norm, Map<String, ? extends NDArray> parameters, Map<String, ? extends NDArray> gradients) {
        width = norm.width();
        gamma = Memory.of(parameters.get(norm.name() + ".weight")).values();
        beta = Memory.of(parameters.get(norm.name() + ".bias")).values();
        runningMean = Memory.of(parameters.get(norm.name() + ".running_mean")).values();
        runningVariance = Memory.of(parameters.get(norm.name() + ".running_var")).values();
        gammaGradient = Memory.of(gradients.get(norm.name() + ".weight")).values();
        betaGradient = Memory.of(gradients.get(norm.name() + ".bias")).values();
        mean = new double[width];
        precision = new double[width];
    }

    /** What a value becomes: scale x value + shift. */
    record Affine(float[] scale, float[] shift) {
    }

    /** What the gradient becomes: ofGradient x gradient + ofValue x value + constant. */
    record Backward(float[] ofGradient, float[] ofValue, float[] constant) {
    }

    Affine running() {
        for (int i = 0; i < width; i++) {
            mean[i] = runningMean.get(i);
            precision[i] = 1 / Math.sqrt(runningVariance.get(i) + Functions.EPSILON);
        }
        return affine();
    }

    /** Of the batch that these are the parts of (Chan et al. 1979); it moves the running statistics. */
    Affine batch(List<Moments> parts) {
        count = 0;
        double[] squares = new double[width];
        for (Moments part : parts) {
            long together = count + part.count();
            for (int i = 0; i < width; i++) {
                double here = part.first()[i] / part.count();
                double apart = part.origin()[i] + here - (count == 0 ? 0 : mean[i]);
                mean[i] = (count == 0 ? 0 : mean[i]) + apart * part.count() / together;
                squares[i] += part.second()[i] - here * part.first()[i] + apart * apart * count * part.count() / together;
            }
            count = together;
        }
        if (count == 1) {
            throw new IllegalArgumentException("batch norm can't take the deviation of one value per channel: one image, of one pixel there; "
                    + "a batch needs more");
        }
        for (int i = 0; i < width; i++) {
            precision[i] = 1 / Math.sqrt(squares[i] / count + Functions.EPSILON);
            move(runningMean, i, mean[i]);
            move(runningVariance, i, squares[i] / (count - 1));
        }
        return affine();
    }

    private static void move(FloatBuffer running, int i, double current) {
        running.put(i, (float) ((1 - Functions.MOMENTUM) * running.get(i) + Functions.MOMENTUM * current));
    }

    private Affine affine() {
        float[] scale = new float[width];
        float[] shift = new float[width];
        for (int i = 0; i < width; i++) {
            scale[i] = (float) (gamma.get(i) * precision[i]);
            shift[i] = (float) (beta.get(i) - gamma.get(i) * precision[i] * mean[i]);
        }
        return new Affine(scale, shift);
    }

    float[] mean() {
        float[] rounded = new float[width];
        for (int i = 0; i < width; i++) {
            rounded[i] = (float) mean[i];
        }
        return rounded;
    }

    /** By the sums of the gradients that arrive, and of their products with distances from {@link #mean()}; sets those of gamma and beta. */
    Backward backward(List<Moments> parts) {
        float[] ofGradient = new float[width];
        float[] ofValue = new float[width];
        float[] constant = new float[width];
        for (int i = 0; i < width; i++) {
            double sum = 0;
            double product = 0;
            for (Moments part : parts) {
                sum += part.first()[i];
                product += part.second()[i];
            }
            double scale = gamma.get(i) * precision[i];
            double slope = -scale * precision[i] * precision[i] * product / count;
            gammaGradient.put(i, (float) (product * precision[i]));
            betaGradient.put(i, (float) sum);
            ofGradient[i] = (float) scale;
            ofValue[i] = (float) slope;
            constant[i] = (float) (-scale * sum / count - slope * mean[i]);
        }
        return new Backward(ofGradient, ofValue, constant);
    }
}
