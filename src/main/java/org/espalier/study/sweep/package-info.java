/**
 * Runs what a store lacks of a list of specs, and the originals that they start from, in worker processes. Between two epochs a run leaves a
 * checkpoint, so that it goes on after any end.
 *
 * <pre>
 * Sweep --> JobQueue (what is left) --> JobRunner: Experiment here, or WorkerProcess --> Worker --> Experiment
 * </pre>
 */
package org.espalier.study.sweep;
