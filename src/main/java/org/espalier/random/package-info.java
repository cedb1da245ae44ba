/**
 * Random numbers that depend on a seed, a purpose and an index, and on nothing else. So runs side by side, resumed or reordered, draw the same.
 */
package org.espalier.random;
