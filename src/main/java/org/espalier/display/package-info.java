/**
 * Shows values in a notebook, on a page and in a terminal. Every value becomes a {@link org.espalier.display.Bundle}: the same thing in
 * several MIME types, of which the reader's program takes the richest that it understands. A {@link org.espalier.display.Screen} sends
 * bundles where the reader looks.
 *
 * <pre>
 *   value -&gt; Views -&gt; TableView, FigureView (Plotly's data, and a picture by XChart), images, text -&gt; Bundle -&gt; Screen
 * </pre>
 */
package org.espalier.display;
