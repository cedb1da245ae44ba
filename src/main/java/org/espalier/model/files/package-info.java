/**
 * Reads and writes files of weights: PyTorch's two formats and safetensors in, safetensors and ONNX out. Whatever a file says, nothing in it is executed,
 * looked up as a class or written to disk, and what is taken of memory and time stays in proportion to its size. What comes out are plain
 * {@link org.espalier.model.Weights} by the names that the file has for them; which network they belong to is decided in {@code model.loading}.
 *
 * <pre>
 * file -- PyTorchZipFile ----- CheckpointUnpickler --+
 *      -- PyTorchLegacyFile -- CheckpointUnpickler --+-- StoredWeights -- Checkpoint (weights, texts beside them)
 *      -- Safetensors -------- SafetensorsHeader ----+
 * </pre>
 */
package org.espalier.model.files;
