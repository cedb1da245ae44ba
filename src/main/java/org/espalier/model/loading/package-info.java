/**
 * Networks from files and into files. {@link org.espalier.model.loading.Networks} reads a checkpoint, and where it doesn't say itself what network it
 * holds, {@code Recognition} asks one recogniser a family, by the tensors' names and shapes.
 *
 * <pre>
 * file --> Checkpoint (model.files) --> Clues --> Recognition --> Network
 * </pre>
 */
package org.espalier.model.loading;
