package org.espalier.kernel.display;

/** What an axis counts in. */
enum AxisKind { NUMBERS, DATES, CATEGORIES }
