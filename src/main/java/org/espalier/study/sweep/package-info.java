/**
 * Runs what a store lacks of a list of specs, and the originals that they start from, in worker processes. Between two epochs a run leaves a
 * checkpoint, so that it goes on after any end.
 *
 * <pre>
 * Sweep --> Board (what is left) --> Work: Experiment here, or WorkerProcess --> Worker --> Experiment
 * </pre>
 */
package org.espalier.study.sweep;
