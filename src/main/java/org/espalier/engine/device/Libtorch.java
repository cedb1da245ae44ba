package org.espalier.engine.device;

import ai.djl.ndarray.NDArray;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;

/** Calls libtorch where DJL's public API can't: the engines' only use of DJL's internal {@code JniUtils}, with a reason for each. */
public final class Libtorch {
    private static final float NO_CLIPPING = -1;

    private Libtorch() {
    }

    /**
     * Whether this thread records gradients. DJL's {@code GradientCollector} switches that too, but there is one per process, and opening it goes
     * through all arrays.
     */
    public static boolean recordsGradients() {
        return JniUtils.isGradMode();
    }

    public static void recordGradients(boolean record) {
        JniUtils.setGradMode(record);
    }

    /**
     * Computes backward from dL/d{@code output}, with the shape of {@code output}. DJL's {@code GradientCollector} begins with ones only.
     */
    public static void backward(NDArray output, NDArray gradient) {
        JniUtils.backward((PtNDArray) output, (PtNDArray) gradient, false, false);
    }

    /**
     * Computes batch norm. {@code BatchNorm.batchNorm} takes epsilon and momentum as floats, and 1 - (1 - .1) isn't .1 in these: results would
     * differ in their last bits from those that are stored.
     *
     * @param momentum the part of the batch in the running statistics, as PyTorch counts
     */
    public static NDArray batchNorm(NDArray x, NDArray mean, NDArray variance, NDArray gamma, NDArray beta, boolean training, double momentum, double epsilon) {
        return JniUtils.batchNorm((PtNDArray) x, (PtNDArray) mean, (PtNDArray) variance, (PtNDArray) gamma, (PtNDArray) beta, training, momentum, epsilon);
    }

    /**
     * Takes a step of stochastic gradient descent in one operation, with {@code buffer = momentum buffer + rate (gradients + decay weights)} and
     * {@code weights = weights - buffer}. The public {@code Optimizer.sgd()} keeps its buffers by name and counts decay otherwise.
     */
    public static void sgdUpdate(NDArray weights, NDArray gradients, NDArray buffer, float rate, float decay, float momentum) {
        JniUtils.sgdUpdate((PtNDArray) weights, (PtNDArray) gradients, (PtNDArray) buffer, rate, decay, 1, NO_CLIPPING, momentum);
    }

    /** How many threads an operation of this thread uses. DJL sets it once, by a system property, when the engine starts. */
    public static int threads() {
        return JniUtils.getNumThreads();
    }

    /** Clears what libtorch keeps between operations, too. */
    public static void setThreads(int threads) {
        JniUtils.setNumThreads(threads);
    }

    /** Lets cuDNN try all its algorithms once for each shape. DJL sets it once, by a system property, when the engine starts. */
    public static void tryCudnnAlgorithms() {
        JniUtils.setBenchmarkCuDNN(true);
    }
}
