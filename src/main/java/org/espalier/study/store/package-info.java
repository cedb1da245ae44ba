/**
 * Results on disk: rows that are only ever appended, by any number of processes, in a folder that survives being killed at any moment. CSV is how
 * they travel, with the original networks that they started from.
 */
package org.espalier.study.store;
