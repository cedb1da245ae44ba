/**
 * The command line: {@code espalier sweep}, {@code status}, {@code export}, {@code report} and {@code doctor}. A command reads its options, calls
 * study, and says in its exit code whether anything is missing.
 */
package org.espalier.command;
