/**
 * Learning rate schedules, one file each, which opens with its formula and source: the paper's {@link org.espalier.train.schedules.FT},
 * {@link org.espalier.train.schedules.LRW}, {@link org.espalier.train.schedules.SLR} and {@link org.espalier.train.schedules.CLR}, and others'.
 * {@link org.espalier.train.schedules.KnownSchedules} has a line for each, by which texts find it.
 */
package org.espalier.train.schedules;
