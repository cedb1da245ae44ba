package org.espalier.model.loading;

import java.util.Optional;
import org.espalier.model.Architecture;
import org.espalier.model.Names;

/**
 * The network that some tensors were recognised as.
 *
 * @param names   the tensors' names by the architecture's
 * @param assumed what the file doesn't tell, in a sentence that says how to tell it
 */
record Recognised(Architecture architecture, Names names, Optional<String> assumed) {
}
