/**
 * Serves Jupyter's protocol for the kernel "Espalier (Java)": sockets, requests, replies, magics, and what a cell prints and reads.
 * It evaluates nothing itself, which is {@link org.espalier.kernel.code}'s work, and draws nothing, which is
 * {@link org.espalier.display}'s. It knows nothing of networks: those come with the imports of {@code kernel/imports.jsh}.
 *
 * <pre>
 *   client   -- execute_request --&gt; Connection -&gt; JavaKernel -&gt; Magics -&gt; code.Session
 *   client   &lt;-- stream, display -- IoPubSender &lt;- OutputStreams (what is printed), NotebookScreen (what is displayed)
 *   client   -- input_reply ------&gt; StdinStream (System.in)
 * </pre>
 */
package org.espalier.kernel;
