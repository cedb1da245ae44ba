/**
 * Pruning procedures, one file each: {@link org.espalier.method.OneShot one-shot}, {@link org.espalier.method.Iterative in rounds},
 * {@link org.espalier.method.SoftFilterPruning soft filters}, {@link org.espalier.method.NetworkSlimming slimming},
 * {@link org.espalier.method.UnstructuredPruning single weights}, {@link org.espalier.method.LayerByLayer layer by layer} as HRank,
 * {@link org.espalier.method.TaylorTraining within a training} by Taylor's criterion, {@link org.espalier.method.ThiNetReconstruction ThiNet}; GAL and the controls
 * have rooms of their own. A {@link org.espalier.method.Method} is a value that a spec names by its text. It makes a smaller network of a trained one, by trainings of its own where it has some, and all that come out are retrained alike:
 *
 * <pre>
 *   original, plan, criterion, data        own trainings
 *     MethodContext ----------> Method.run ----------> MethodResult: network, hooks ----------> retraining
 *                                   |  ^
 *                                   v  |
 *                                 Trainer (a sweep's keeps each training on disk)
 * </pre>
 *
 * <p>A method's own budget belongs to it, and a result costs its epochs, too. Where the authors' code differs from their paper, a method follows
 * the code and says so.
 */
package org.espalier.method;
