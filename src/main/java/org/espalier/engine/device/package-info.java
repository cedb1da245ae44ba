/**
 * What engines need of a device, through DJL and libtorch: parameters in its memory ({@link org.espalier.engine.device.Parameters}), padded to
 * widths that it likes ({@link org.espalier.engine.device.ChannelPadding}), threads and recorded gradients, and which device it is.
 */
package org.espalier.engine.device;
