/**
 * Experiments as values: a {@link org.espalier.study.Spec} is all that decides a result, its text hashes to the result's id, and a
 * {@link org.espalier.study.Grid} is many of them in a few lines. The store keeps results, a sweep measures those that are missing, statistics say
 * what they show.
 *
 * <pre>
 * Grid --> Spec --> sweep --> Result --> store --> CSV
 *                                \--> statistics --> claims
 * </pre>
 */
package org.espalier.study;
