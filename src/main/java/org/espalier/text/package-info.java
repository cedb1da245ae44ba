/**
 * Canonical texts: a value as one line that reads back as the same value. {@link org.espalier.text.CanonicalText} is a name and
 * {@code key=value} pairs without those that have their defaults, so that new fields leave old texts, and the ids hashed from them, as they
 * are.
 */
package org.espalier.text;
