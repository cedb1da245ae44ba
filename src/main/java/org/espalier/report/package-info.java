/**
 * What people look at: tables, figures, and long work that shows how far it is. Everything here is computed from values of the other rooms;
 * published numbers keep their source.
 */
package org.espalier.report;
