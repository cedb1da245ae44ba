package org.espalier.model;

/**
 * A convolution whose filters can be removed without touching the shape of what surrounds it.
 *
 * @param id    the number that the paper's plans know it by
 * @param stage 0-based
 * @param conv  the layer that loses filters
 * @param norm  the batch norm behind it, which loses the same channels
 * @param next  the layer that reads those channels, and loses the matching inputs
 * @param width filters now
 * @param dense filters before any pruning
 */
public record Prunable(int id, int stage, String conv, String norm, String next, int width, int dense) {
}
