package org.espalier.data;

/** How a batch of logical shape [images, channels, height, width] lies in memory. */
public enum MemoryFormat {
    /** The channels of a pixel side by side: what convolutions are fastest with on most devices. */
    CHANNELS_LAST,
    /** One channel's plane after the other, the order of the shape. */
    CONTIGUOUS
}
