/**
 * Networks as values: an {@link org.espalier.model.Architecture} lists its operations as {@link org.espalier.model.GraphNode nodes}, and tensors, sizes,
 * costs, initial weights, channel groups, removal, padding and residual blocks derive from that list. A {@link org.espalier.model.Network} is an
 * architecture and its weights, in the host's memory, never changed. Nothing here computes.
 *
 * <pre>
 * nodes() --> Graph --> names and shapes, parameters, MACs
 *               \--> model.channels: which channels go together, and what is left without them
 * model.families: ResNets, VGGs, ...     model.loading: networks from files and into files, by model.files
 * </pre>
 */
package org.espalier.model;
