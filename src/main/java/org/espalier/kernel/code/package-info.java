/**
 * Runs a notebook's Java by the JDK's JShell, in this JVM, and keeps its values when declarations change. It cuts cells into snippets and
 * magics, makes compiled code interruptible, carries variables over to recompiled classes, and words errors by cell and line. It knows
 * nothing of Jupyter's messages.
 *
 * <pre>
 *   cell -&gt; CellReader -&gt; CellPart -&gt; JShell -&gt; class files -&gt; InterruptInstrumenter -&gt; NotebookClasses -&gt; LocalExecution -&gt; value
 *                                       |                                              ^
 *                                       +-- events -&gt; Declarations (which values must be carried over, what the reader is told)
 * </pre>
 */
package org.espalier.kernel.code;
