package org.espalier.train;

import java.util.List;
import org.espalier.model.Network;
import org.espalier.model.Weights;

/**
 * A training between two epochs.
 *
 * @param buffers      the optimizer's, by parameter: previous rate x velocity
 * @param previousRate the rate of the last step
 * @param hooks        what the hooks keep, by the hook's place and the tensor's name: {@code 0.mask}
 */
public record TrainingState(Network network, Network best, Evaluation before, Weights buffers, double previousRate, List<Epoch> history,
                            Weights hooks) {

    public TrainingState {
        history = List.copyOf(history);
    }
}
