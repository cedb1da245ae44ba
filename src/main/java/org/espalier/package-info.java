/**
 * The verbs: {@link org.espalier.Espalier} is what a notebook imports, and holds no logic. Each verb is a line or two that calls the room where
 * the work is done.
 *
 * <pre>
 * data --> model --> prune --> train --> study --> report
 *            \________ engine _____/
 * </pre>
 */
package org.espalier;
