/**
 * Controls: what tells a method's merit from that of its retraining. The pruned architecture from {@link org.espalier.method.controls.Scratch initial weights},
 * {@link org.espalier.method.controls.WeightRewinding early weights}, and a fairer {@link org.espalier.method.controls.ReestimatedNorms "before"}.
 */
package org.espalier.method.controls;
