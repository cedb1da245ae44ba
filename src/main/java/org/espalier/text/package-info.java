/**
 * Canonical texts: a value as one line that reads back as the same value. {@link org.espalier.text.CanonicalText} is a name and
 * {@code key=value} pairs without those that have their defaults, so that new fields leave old texts, and the ids hashed from them, as they
 * are. {@link org.espalier.text.Registry} finds the reader of a text by its first word, and {@link org.espalier.text.ClassText} does so for
 * the records that readers of this library write themselves.
 */
package org.espalier.text;
