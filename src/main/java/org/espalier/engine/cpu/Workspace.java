package org.espalier.engine.cpu;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Keeps what one thread computes with from batch to batch: planned convolutions, kernels, buffers. */
final class Workspace implements AutoCloseable {
    /** Each shape of a layer and each number of images has its own; who trains and evaluates needs a few dozen. */
    private static final int CONVOLUTIONS = 512;

    private record Plan(Convolution.Shape shape, boolean winograd) {
    }

    private final boolean winograd;
    private final Map<Integer, BatchNormKernels> kernels = new HashMap<>();
    private final Map<Plan, Convolution> convolutions = new LinkedHashMap<>(16, .75f, true);
    private final WinogradDomain domain = new WinogradDomain();
    final GrowingBuffer input = new GrowingBuffer();
    final GrowingBuffer gradient = new GrowingBuffer();

    /** @param winograd whether convolutions are Winograd's where that pays */
    Workspace(boolean winograd) {
        this.winograd = winograd;
    }

    BatchNormKernels kernels(int channels) {
        return kernels.computeIfAbsent(channels, BatchNormKernels::new);
    }

    /**
     * Divides images into the blocks that go through a convolution.
     *
     * @param fromTheEnd every other layer begins where the one before ended, with what is in the cache still
     */
    List<CacheBlock> blocks(Layer.Conv layer, ChannelsLast images, boolean fromTheEnd) {
        // Each block reads all weights, and adds to all their gradients.
        int most = Math.max(winograd ? CacheBlock.WINOGRAD_NUMBERS : CacheBlock.NUMBERS, layer.weights());
        List<CacheBlock> blocks = new ArrayList<>(CacheBlock.of(images.images(), images.numbersPerImage(), most));
        if (fromTheEnd) {
            Collections.reverse(blocks);
        }
        return blocks;
    }

    /** The convolution for the forward pass of a block of images like these. */
    Convolution forward(Layer.Conv layer, CacheBlock block, ChannelsLast images) {
        var shape = Convolution.Shape.of(layer, block.images(), images.height(), images.width());
        return planned(new Plan(shape, winograd && Winograd.paysForward(shape)));
    }

    /** The convolution for the backward pass. */
    Convolution backward(Layer.Conv layer, CacheBlock block, ChannelsLast images) {
        var shape = Convolution.Shape.of(layer, block.images(), images.height(), images.width());
        return planned(new Plan(shape, winograd && Winograd.paysBackward(shape)));
    }

    private Convolution planned(Plan plan) {
        Convolution planned = convolutions.get(plan);
        if (planned == null) {
            if (convolutions.size() == CONVOLUTIONS) {
                convolutions.remove(convolutions.keySet().iterator().next()).close();
            }
            planned = plan.winograd ? new Winograd(plan.shape, domain) : new DirectConvolution(plan.shape);
            convolutions.put(plan, planned);
        }
        return planned;
    }

    @Override
    public void close() {
        convolutions.values().forEach(Convolution::close);
        convolutions.clear();
    }
}
