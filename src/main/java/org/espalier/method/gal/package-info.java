/**
 * {@link org.espalier.method.gal.Gal GAL}: generative adversarial learning, a method whose training has a loop of its own. Masks of blocks or channels are trained
 * with the network against a discriminator of logits, and moved by FISTA.
 */
package org.espalier.method.gal;
