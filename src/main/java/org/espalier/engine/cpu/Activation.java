package org.espalier.engine.cpu;

/** What stands behind a norm, or behind the addition to it. */
enum Activation {
    NONE, RELU, RELU6
}
