/**
 * Which channels stay: a {@link org.espalier.prune.Plan} says how many in each group, a {@link org.espalier.prune.Criterion} scores them, and
 * {@link org.espalier.prune.Pruning} removes those with the lowest scores, for good. Criteria are open; those that look at data ask a
 * {@link org.espalier.prune.Calibration}.
 *
 * <pre>
 * network, criterion --> scores --\
 * architecture, plan --> counts ---> channels that stay --> a smaller network
 * </pre>
 */
package org.espalier.prune;
