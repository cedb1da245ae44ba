/**
 * Networks on a device, through DJL and libtorch: forward, loss, gradients, running statistics. {@link org.espalier.engine.DeviceNetwork} holds a
 * network's {@link org.espalier.engine.device.Parameters} in the device's memory, and {@link org.espalier.engine.Execution} says how it is
 * computed: over whole batches by {@link org.espalier.engine.PlainEngine}, which runs on CPUs and GPUs and can be read alone, or by the fast path
 * for CPUs in {@code engine.cpu}. Both compute the same up to rounding, and tests hold one against the other.
 *
 * <pre>
 * Network --DeviceNetwork.on--> Parameters (one array of all that is trained)
 *                                    |
 * images [N, C, H, W] ----------> Computation --> logits [N, classes]
 * labels [N] -------------------/     \--------> BatchLoss, gradients --> Sgd
 * </pre>
 */
package org.espalier.engine;
