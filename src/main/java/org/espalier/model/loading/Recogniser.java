package org.espalier.model.loading;

import java.util.Optional;

/** Finds out whether the tensors of a file are those of one family of networks. */
interface Recogniser {

    /**
     * Returns the network, or nothing where the tensors are another family's.
     *
     * @throws IllegalArgumentException where they are this family's, but don't make one of its networks; the message says what is wrong
     */
    Optional<Recognised> recognise(Clues clues);
}
