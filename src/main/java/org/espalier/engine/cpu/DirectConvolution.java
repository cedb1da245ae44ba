package org.espalier.engine.cpu;

import org.bytedeco.dnnl.convolution_backward_data;
import org.bytedeco.dnnl.convolution_backward_weights;
import org.bytedeco.dnnl.convolution_forward;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.global.dnnl.algorithm;
import org.bytedeco.dnnl.global.dnnl.prop_kind;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.post_ops;
import org.bytedeco.dnnl.primitive_attr;
import org.bytedeco.dnnl.stream;
import org.bytedeco.javacpp.PointerScope;

/** Computes a convolution and its gradients by oneDNN: with 9 multiplications for each output, input channel and pixel where the kernel is 3 x 3. */
final class DirectConvolution implements Convolution {
    private final PointerScope owned = new PointerScope();
    private final OneDnnPrimitive toForward;
    private final OneDnnPrimitive forward;
    private final OneDnnPrimitive toBackward;
    private final OneDnnPrimitive backward;
    private final OneDnnPrimitive weightsGradient;
    private final OneDnnPrimitive fromGradient;
    private final OneDnnPrimitive addGradient;

    /**
     * Plans it.
     *
     * @throws IllegalArgumentException for 1 x 1 kernels with strides, whose gradients oneDNN 3.8.1 writes outside of their memory;
     *         {@link FusedPlan} puts a pool in their front instead
     */
    DirectConvolution(Shape shape) {
        if (shape.kernel() == 1 && shape.stride() > 1) {
            throw new IllegalArgumentException("oneDNN computes the gradients of 1 x 1 kernels with strides wrongly: " + shape);
        }
        try (owned) {
            primitive_attr attributes = OneDnnPrimitive.ownScratchpad();
            engine processor = new engine(engine.kind.cpu, 0);
            stream stream = new stream(processor);
            long[] strides = {shape.stride(), shape.stride()};
            long[] padding = {shape.padding(), shape.padding()};
            memory.desc x = images(shape.images(), shape.in(), shape.height(), shape.width());
            memory.desc y = images(shape.images(), shape.out(), shape.outHeight(), shape.outWidth());
            long side = shape.kernel();
            long out = shape.out() / shape.groups();
            long in = shape.in() / shape.groups();
            long[] sides = shape.groups() == 1 ? new long[] {out, in, side, side} : new long[] {shape.groups(), out, in, side, side};
            memory.desc plain = shape.groups() == 1 ? new memory.desc(sides, memory.data_type.f32, memory.format_tag.ohwi)
                    : new memory.desc(sides, memory.data_type.f32, new long[] {out * side * side * in, side * side * in, 1, side * in, in});
            memory.desc best = new memory.desc(sides, memory.data_type.f32, memory.format_tag.any);
            var there = new convolution_forward.primitive_desc(processor, prop_kind.forward_training, algorithm.convolution_direct, x, best,
                    new memory.desc(), y, strides, padding, padding, attributes, false);
            var back = new convolution_backward_data.primitive_desc(processor, algorithm.convolution_direct, x, best, y, strides, padding, padding,
                    there, attributes, false);
            var toWeights = new convolution_backward_weights.primitive_desc(processor, algorithm.convolution_direct, x, best, y, strides, padding,
                    padding, there, attributes, false);
            memory named = unnamed(plain, processor);
            memory weights = new memory(there.weights_desc(), processor);
            memory weightsBack = new memory(back.weights_desc(), processor);
            memory gradient = new memory(toWeights.diff_weights_desc(), processor);
            memory input = unnamed(x, processor);
            memory output = unnamed(y, processor);
            primitive_attr adding = OneDnnPrimitive.ownScratchpad();
            post_ops sum = new post_ops();
            sum.append_sum();
            adding.set_post_ops(sum);
            toForward = OneDnnPrimitive.reorder(stream, named, weights, attributes).naming(named);
            toBackward = OneDnnPrimitive.reorder(stream, named, weightsBack, attributes).naming(named);
            fromGradient = OneDnnPrimitive.reorder(stream, gradient, named, attributes).naming(named);
            addGradient = OneDnnPrimitive.reorder(stream, gradient, named, adding).naming(named);
            forward = new OneDnnPrimitive(stream, new convolution_forward(there)).with(dnnl.DNNL_ARG_SRC, input).with(dnnl.DNNL_ARG_WEIGHTS, weights)
                    .with(dnnl.DNNL_ARG_DST, output)
                    .with(dnnl.DNNL_ARG_SCRATCHPAD, new memory(there.scratchpad_desc(), processor)).naming(input, output);
            backward = new OneDnnPrimitive(stream, new convolution_backward_data(back)).with(dnnl.DNNL_ARG_DIFF_DST, output)
                    .with(dnnl.DNNL_ARG_WEIGHTS, weightsBack).with(dnnl.DNNL_ARG_DIFF_SRC, input)
                    .with(dnnl.DNNL_ARG_SCRATCHPAD, new memory(back.scratchpad_desc(), processor)).naming(output, input);
            weightsGradient = new OneDnnPrimitive(stream, new convolution_backward_weights(toWeights)).with(dnnl.DNNL_ARG_SRC, input)
                    .with(dnnl.DNNL_ARG_DIFF_DST, output).with(dnnl.DNNL_ARG_DIFF_WEIGHTS, gradient)
                    .with(dnnl.DNNL_ARG_SCRATCHPAD, new memory(toWeights.scratchpad_desc(), processor)).naming(input, output);
            owned.extend(); // What there is by now is kept until this is closed; a plan that fails takes all of it with it.
        }
    }

    private static memory.desc images(int images, int channels, int height, int width) {
        return new memory.desc(new long[] {images, channels, height, width}, memory.data_type.f32, memory.format_tag.nhwc);
    }

    private static memory unnamed(memory.desc desc, engine engine) {
        return new memory(desc, engine, null);
    }

    @Override
    public void forward(BatchWeights weights, FloatMemory x, FloatMemory y) {
        toForward.run(weights.memory().address());
        forward.run(x.address(), y.address());
    }

    @Override
    public void backward(BatchWeights weights, FloatMemory x, FloatMemory dy, FloatMemory dx, GradientSum dw) {
        if (dx != null) {
            toBackward.run(weights.memory().address());
            backward.run(dy.address(), dx.address());
        }
        weightsGradient.run(x.address(), dy.address());
        (dw.begin() ? fromGradient : addGradient).run(dw.memory().address());
    }

    @Override
    public void close() {
        owned.deallocate();
    }
}
