package org.espalier.model.loading;

import org.espalier.model.Network;
import org.espalier.text.Quoted;

/** Checks that a loaded network's weights are numbers, so that no training is begun with others. */
final class FiniteWeights {
    private FiniteWeights() {
    }

    /** @throws IllegalArgumentException naming the first tensor with a NaN or an infinity in it */
    static void require(Network network) {
        network.weights().tensors().forEach((name, tensor) -> {
            int count = 0;
            int first = -1;
            for (int i = 0; i < tensor.size(); i++) {
                if (!Float.isFinite(tensor.at(i))) {
                    first = count++ == 0 ? i : first;
                }
            }
            if (count > 0) {
                throw new IllegalArgumentException(count + " of the " + tensor.size() + " values of its tensor " + Quoted.name(network.names().of(name))
                        + " are no finite numbers (the first is " + tensor.at(first) + "): the training that saved it had diverged, or the file is "
                        + "damaged; take an earlier checkpoint");
            }
        });
    }
}
