/**
 * Hooks into a training: a {@link org.espalier.train.hooks.TrainingHook} sees gradients and weights between steps and epochs through a
 * {@link org.espalier.train.hooks.TrainingContext}, and changes them. Methods are made of these; a training without hooks needs none of it.
 */
package org.espalier.train.hooks;
