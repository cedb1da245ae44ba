package org.espalier.display;

/** A figure for which there is no static picture; the message says why. Better none than a wrong one. */
public final class NoPicture extends IllegalArgumentException {
    NoPicture(String message) {
        super(message);
    }
}
