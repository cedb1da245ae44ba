/**
 * What a handful of paired measurements says: intervals, tests corrected for their number, the seeds that an undecided one would need. A
 * {@link org.espalier.study.statistics.Claim} is a sentence and its verdict.
 */
package org.espalier.study.statistics;
