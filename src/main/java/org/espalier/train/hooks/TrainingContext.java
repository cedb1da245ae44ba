package org.espalier.train.hooks;

import ai.djl.ndarray.NDArray;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.espalier.engine.DeviceNetwork;
import org.espalier.model.Architecture;
import org.espalier.model.Network;
import org.espalier.model.Tensor;
import org.espalier.model.Weights;
import org.espalier.train.Budget;

/**
 * A training as its hooks see it. Tensors go by the weights' names ({@code layer1.0.bn1.weight}) and have the network's own shapes, whatever it
 * is padded to on the device. Each call copies the tensors that it names between device and host; {@link #multiply} copies nothing.
 */
public final class TrainingContext {
    private final DeviceNetwork live;
    private final Budget budget;
    private long step;
    private boolean gradientsAreThere;
    private Weights factors;
    private NDArray factorsOnDevice;

    TrainingContext(DeviceNetwork live, Budget budget) {
        this.live = live;
        this.budget = budget;
    }

    void at(long number, boolean beforeUpdate) {
        step = number;
        gradientsAreThere = beforeUpdate;
    }

    public Budget budget() {
        return budget;
    }

    /** The number of the step since the training began, from 0. */
    public long step() {
        return step;
    }

    /** The number of the epoch, from 0. */
    public int epoch() {
        return budget.epochOf(step);
    }

    /** Names and shapes of the tensors, among others. */
    public Architecture architecture() {
        return live.architecture();
    }

    /** All of the network, as it is now. */
    public Network network() {
        return live.snapshot();
    }

    /** One tensor as it is now: a weight, or a running statistic. */
    public Tensor weight(String name) {
        return live.parameters().download(List.of(name)).get(name);
    }

    /** Puts tensors in the place of those of the same names. @throws IllegalArgumentException when a name or a shape is none of the network's */
    public void replace(Map<String, Tensor> changed) {
        live.parameters().set(new Weights(changed));
    }

    /** The gradient of the batch's mean loss by one tensor, without weight decay. @throws IllegalStateException elsewhere than before an update */
    public Tensor gradient(String name) {
        requireGradients();
        return live.parameters().download(live.gradients(), List.of(name)).get(name);
    }

    /** The gradients by all tensors that are trained. @throws IllegalStateException elsewhere than before an update */
    public Weights gradients() {
        requireGradients();
        return live.parameters().download(live.gradients());
    }

    /** Adds to the gradients of the batch, for instance that of a penalty. @throws IllegalStateException elsewhere than before an update */
    public void addToGradients(Map<String, Tensor> added) {
        requireGradients();
        live.parameters().add(live.gradients(), new Weights(added));
    }

    private void requireGradients() {
        if (!gradientsAreThere) {
            throw new IllegalStateException("gradients are there before an update only: use beforeUpdate");
        }
    }

    /**
     * Multiplies weights by factors of the same names and shapes, element by element; those without factors stay. With zeros and ones this is a
     * mask. Factors that are given again, the same value, are on the device already.
     */
    @SuppressWarnings("ReferenceEquality") // Which value it is counts, not which numbers it holds.
    public void multiply(Weights given) {
        if (given != factors) {
            if (factorsOnDevice != null) {
                factorsOnDevice.close();
            }
            factorsOnDevice = live.parameters().upload(filledUp(given));
            factors = given;
        }
        live.parameters().trained().muli(factorsOnDevice);
    }

    private Weights filledUp(Weights given) {
        Map<String, Tensor> all = new LinkedHashMap<>();
        live.architecture().shapes().forEach((name, shape) -> {
            if (!name.contains(".running_")) {
                all.put(name, Tensor.filled(1, shape));
            }
        });
        given.tensors().forEach((name, factor) -> {
            Tensor one = all.replace(name, factor);
            if (one == null || !Arrays.equals(one.shape(), factor.shape())) {
                throw new IllegalArgumentException("'" + name + "' of the shape " + Arrays.toString(factor.shape())
                        + " is no trained tensor of " + live.architecture().text());
            }
        });
        return new Weights(all);
    }
}
