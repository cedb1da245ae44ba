package org.espalier.engine.cpu;

/** The end of a network: a pool, and the linear layer that puts out the logits. */
public record Head(Pool before, Layer.Linear layer) {
}
