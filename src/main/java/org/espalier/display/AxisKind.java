package org.espalier.display;

/** What an axis counts in. */
enum AxisKind { NUMBERS, DATES, CATEGORIES }
