/**
 * Plans: the paper's, which are ratios for stages or widths for layers, and those that fit any network. {@link org.espalier.prune.plans.Plans} reads
 * them by their texts.
 */
package org.espalier.prune.plans;
