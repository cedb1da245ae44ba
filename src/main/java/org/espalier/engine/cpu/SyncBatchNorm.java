package org.espalier.engine.cpu;

import ai.djl.ndarray.NDArray;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;
import org.espalier.model.Op;

/**
 * Computes a batch norm's statistics and gradients of a batch that is divided into shards, from the sums of each, in an order that doesn't depend
 * on which shard is ready first. Its parameters and gradients are views of libtorch's memory.
 */
final class SyncBatchNorm {
    private final int width;
    private final FloatBuffer gamma;
    private final FloatBuffer beta;
    private final FloatBuffer runningMean;
    private final FloatBuffer runningVariance;
    private final FloatBuffer gammaGradient;
    private final FloatBuffer betaGradient;
    /** Of the layer in front, which changes nothing but the running mean; null if it has none. */
    private final FloatBuffer bias;
    private final double[] mean;
    /** One over the standard deviation. */
    private final double[] precision;
    private long count;

    /**
     * @param layer     in front of it; its bias, if it has one, is left out of what the norm is given
     * @param gradients where dL/dgamma and dL/dbeta are left; dL/dbias is 0
     */
    SyncBatchNorm(String layer, Layer.Norm norm, Map<String, ? extends NDArray> parameters, Map<String, ? extends NDArray> gradients) {
        NDArray offset = parameters.get(layer + ".bias");
        bias = offset == null ? null : FloatMemory.of(offset).values();
        width = norm.width();
        gamma = FloatMemory.of(parameters.get(norm.name() + ".weight")).values();
        beta = FloatMemory.of(parameters.get(norm.name() + ".bias")).values();
        runningMean = FloatMemory.of(parameters.get(norm.name() + ".running_mean")).values();
        runningVariance = FloatMemory.of(parameters.get(norm.name() + ".running_var")).values();
        gammaGradient = FloatMemory.of(gradients.get(norm.name() + ".weight")).values();
        betaGradient = FloatMemory.of(gradients.get(norm.name() + ".bias")).values();
        mean = new double[width];
        precision = new double[width];
    }

    /** The norm forward, per channel: y = scale x + shift. */
    record Affine(float[] scale, float[] shift) {
    }

    /** The norm backward, per channel: dL/dx = ofGradient dL/dy + ofValue x + constant. */
    record Backward(float[] ofGradient, float[] ofValue, float[] constant) {
    }

    /** The norm in evaluation mode. */
    Affine running() {
        for (int i = 0; i < width; i++) {
            mean[i] = runningMean.get(i) - bias(i);
            precision[i] = 1 / Math.sqrt(runningVariance.get(i) + Op.BatchNorm.EPSILON);
        }
        return affine();
    }

    /** The norm in training mode, by the statistics of the batch that these are the parts of (Chan et al. 1979); moves the running statistics. */
    Affine batch(List<ChannelSums> parts) {
        count = 0;
        double[] squares = new double[width];
        for (ChannelSums part : parts) {
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
            precision[i] = 1 / Math.sqrt(squares[i] / count + Op.BatchNorm.EPSILON);
            move(runningMean, i, mean[i] + bias(i));
            move(runningVariance, i, squares[i] / (count - 1));
        }
        return affine();
    }

    private float bias(int i) {
        return bias == null ? 0 : bias.get(i);
    }

    private static void move(FloatBuffer running, int i, double current) {
        running.put(i, (float) ((1 - Op.BatchNorm.MOMENTUM) * running.get(i) + Op.BatchNorm.MOMENTUM * current));
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

    /** Of the batch. */
    float[] mean() {
        float[] rounded = new float[width];
        for (int i = 0; i < width; i++) {
            rounded[i] = (float) mean[i];
        }
        return rounded;
    }

    /** Computes the backward pass of the sums of dL/dy and of dL/dy (x - {@link #mean()}); sets the gradients of gamma and beta. */
    Backward backward(List<ChannelSums> parts) {
        float[] ofGradient = new float[width];
        float[] ofValue = new float[width];
        float[] constant = new float[width];
        for (int i = 0; i < width; i++) {
            double sum = 0;
            double product = 0;
            for (ChannelSums part : parts) {
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
