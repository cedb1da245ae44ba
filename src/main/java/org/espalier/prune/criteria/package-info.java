/**
 * What a channel is worth, one criterion a file: a score for each channel of a group, of which the lowest go.
 * {@link org.espalier.prune.criteria.Criteria} has a line for each, by which texts find it. What they may ask of
 * data is answered by {@link org.espalier.prune.criteria.DataCalibration}.
 */
package org.espalier.prune.criteria;
