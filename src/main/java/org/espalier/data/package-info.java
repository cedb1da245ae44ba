/**
 * Labelled images: datasets with their splits, subsets and normalisation, and the batches that a network is trained on.
 *
 * <p>{@link org.espalier.data.Datasets} opens a dataset by what it is, {@link org.espalier.data.DatasetRegistry} finds one again by its canonical
 * name. A {@link org.espalier.data.Split} is put on a device as a {@link org.espalier.data.DataLoader}, which draws crops and flips and makes
 * batches.
 *
 * <pre>
 *   files --> Dataset(train, validation, test) --> Split.on(device) --> DataLoader.pass(rows) --> Batch [N, C, H, W]
 *             Images (in memory)                   DeviceImages: pixels lie on the device, a batch is one lookup
 *             ImageFiles (any number)              ImageStream: decoded ahead of the device by a Prefetcher
 * </pre>
 */
package org.espalier.data;
