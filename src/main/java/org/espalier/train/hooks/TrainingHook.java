package org.espalier.train.hooks;

import java.util.Map;
import org.espalier.model.Tensor;
import org.espalier.text.ClassText;

/**
 * What a method does within a training: it looks at gradients and weights, and changes them. Soft filter pruning sets filters to zero after each
 * epoch, slimming adds to the gradient of gamma before each update, a weight mask holds after each step, Taylor's criterion reads gradients.
 *
 * <p>For each step the order is: gradients, {@link #beforeUpdate}, SGD's update, {@link #afterStep}; after an epoch's last step
 * {@link #afterEpoch}, and then the evaluation. Several hooks are called in their order. A training without hooks does nothing of this.
 */
public interface TrainingHook {

    /** After the gradients of a batch are there and before SGD uses them. */
    default void beforeUpdate(TrainingContext context) {
    }

    /** After the update. */
    default void afterStep(TrainingContext context) {
    }

    /** After an epoch's last step and before the network is evaluated. */
    default void afterEpoch(TrainingContext context) {
    }

    /** What another process needs to go on as this would, asked between epochs; empty when the weights say it all. */
    default Map<String, Tensor> state() {
        return Map.of();
    }

    /** Takes up a {@link #state}, before the first step. */
    default void restore(Map<String, Tensor> saved) {
    }

    /** Short, for messages. */
    default String label() {
        return getClass().getName().replaceFirst(".*[.]", "");
    }

    /**
     * Canonical: what changes a result is part of its spec. A public record on the class path has its class and components as its text.
     *
     * @throws IllegalStateException when there is none
     */
    default String text() {
        return ClassText.require(this, "training hook");
    }
}
