/**
 * The networks of the literature, one record a family: what it lists as its nodes is all that there is to say about it.
 * {@link org.espalier.model.families.Architectures} has a line for each, by which texts find it.
 */
package org.espalier.model.families;
