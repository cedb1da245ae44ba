package org.espalier.model;

import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.norm.BatchNorm;

/** What the architectures are built from, with the settings that PyTorch has by default and DJL hasn't. */
final class Blocks {
    private Blocks() {
    }

    static Block conv(int filters, int kernel, int stride) {
        return Conv2d.builder().setFilters(filters).setKernelShape(new Shape(kernel, kernel)).optStride(new Shape(stride, stride))
                .optPadding(new Shape(kernel / 2, kernel / 2)).optBias(false).build();
    }

    /** DJL's momentum .9 is PyTorch's .1. */
    static Block norm() {
        return BatchNorm.builder().optMomentum(.9f).optEpsilon(1e-5f).build();
    }
}
