/**
 * Which channels of a network go together, and what it becomes without some of them. {@link org.espalier.model.channels.ChannelFlow} follows channels
 * through the nodes and finds the {@link org.espalier.model.channels.ChannelGroup}s; {@link org.espalier.model.channels.ChannelRemoval} cuts them out
 * of the weights; {@link org.espalier.model.channels.Kept} remembers which of the original ones are left.
 *
 * <pre>
 * Graph --> ChannelFlow ---> ChannelGroup --> ChannelRemoval --> DerivedArchitecture
 *     \---> ResidualBlock ------------------------------------/
 * </pre>
 */
package org.espalier.model.channels;
