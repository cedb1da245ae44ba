package org.espalier.compute;

import org.bytedeco.dnnl.IntMemoryMap;
import org.bytedeco.dnnl.convolution_backward_data;
import org.bytedeco.dnnl.convolution_backward_weights;
import org.bytedeco.dnnl.convolution_forward;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.global.dnnl.algorithm;
import org.bytedeco.dnnl.global.dnnl.prop_kind;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.primitive;
import org.bytedeco.dnnl.primitive_attr;
import org.bytedeco.dnnl.reorder;
import org.bytedeco.dnnl.stream;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import org.espalier.model.Layer;

/**
 * A convolution of so many images of one size, and its gradients, planned by oneDNN for one thread. Images, [images, height, width, channels],
 * and weights, [out, side, side, in], are memory that is named at each use by its address. Not for several threads at once.
 */
final class Convolution implements AutoCloseable {

    /** What a plan depends on. */
    record Shape(int in, int out, int kernel, int stride, int images, int height, int width) {
        static Shape of(Layer.Conv layer, int images, int height, int width) {
            return new Shape(layer.in(), layer.out(), layer.kernel(), layer.stride(), images, height, width);
        }

        int padding() {
            return kernel / 2;
        }

        int outHeight() {
            return (height + 2 * padding() - kernel) / stride + 1;
        }

        int outWidth() {
            return (width + 2 * padding() - kernel) / stride + 1;
        }
    }

    private final PointerScope owned = new PointerScope().extend();
    private final Call toForward;
    private final Call forward;
    private final Call toBackward;
    private final Call backward;
    private final Call weightsGradient;
    private final Call fromGradient;

    Convolution(Shape shape) {
        try (owned) {
            engine processor = new engine(engine.kind.cpu, 0);
            stream stream = new stream(processor);
            long[] strides = {shape.stride, shape.stride};
            long[] padding = {shape.padding(), shape.padding()};
            memory.desc x = images(shape.images, shape.in, shape.height, shape.width);
            memory.desc y = images(shape.images, shape.out, shape.outHeight(), shape.outWidth());
            long[] sides = {shape.out, shape.in, shape.kernel, shape.kernel};
            memory.desc plain = new memory.desc(sides, memory.data_type.f32, memory.format_tag.ohwi);
            memory.desc best = new memory.desc(sides, memory.data_type.f32, memory.format_tag.any);
            var there = new convolution_forward.primitive_desc(processor, prop_kind.forward_training, algorithm.convolution_direct, x, best,
                    new memory.desc(), y, strides, padding, padding, new primitive_attr(), false);
            var back = new convolution_backward_data.primitive_desc(processor, algorithm.convolution_direct, x, best, y, strides, padding, padding,
                    there, new primitive_attr(), false);
            var toWeights = new convolution_backward_weights.primitive_desc(processor, algorithm.convolution_direct, x, best, y, strides, padding,
                    padding, there, new primitive_attr(), false);
            memory named = unnamed(plain, processor);
            memory weights = new memory(there.weights_desc(), processor);
            memory weightsBack = new memory(back.weights_desc(), processor);
            memory gradient = new memory(toWeights.diff_weights_desc(), processor);
            memory input = unnamed(x, processor);
            memory output = unnamed(y, processor);
            toForward = Call.reorder(stream, named, weights).naming(named);
            toBackward = Call.reorder(stream, named, weightsBack).naming(named);
            fromGradient = Call.reorder(stream, gradient, named).naming(named);
            forward = new Call(stream, new convolution_forward(there)).with(dnnl.DNNL_ARG_SRC, input).with(dnnl.DNNL_ARG_WEIGHTS, weights)
                    .with(dnnl.DNNL_ARG_DST, output).naming(input, output);
            backward = new Call(stream, new convolution_backward_data(back)).with(dnnl.DNNL_ARG_DIFF_DST, output)
                    .with(dnnl.DNNL_ARG_WEIGHTS, weightsBack).with(dnnl.DNNL_ARG_DIFF_SRC, input).naming(output, input);
            weightsGradient = new Call(stream, new convolution_backward_weights(toWeights)).with(dnnl.DNNL_ARG_SRC, input)
                    .with(dnnl.DNNL_ARG_DIFF_DST, output).with(dnnl.DNNL_ARG_DIFF_WEIGHTS, gradient).naming(input, output);
        }
    }

    private static memory.desc images(int images, int channels, int height, int width) {
        return new memory.desc(new long[] {images, channels, height, width}, memory.data_type.f32, memory.format_tag.nhwc);
    }

    private static memory unnamed(memory.desc desc, engine engine) {
        return new memory(desc, engine, null);
    }

    void forward(long weights, long images, long output) {
        toForward.run(weights);
        forward.run(images, output);
    }

    /** Of the output's gradient, that of the images. */
    void backward(long weights, long gradient, long ofImages) {
        toBackward.run(weights);
        backward.run(gradient, ofImages);
    }

    /** Of the output's gradient, that of the weights. */
    void weightsGradient(long images, long gradient, long ofWeights) {
        weightsGradient.run(images, gradient);
        fromGradient.run(ofWeights);
    }

    @Override
    public void close() {
        owned.deallocate();
    }

    /** Something to compute with its arguments, some of which get their memory at each use. */
    private static final class Call {
        private final stream stream;
        private final primitive primitive;
        private final IntMemoryMap arguments = new IntMemoryMap();
        private final Address address = new Address();
        private memory[] named;

        Call(stream stream, primitive primitive) {
            this.stream = stream;
            this.primitive = primitive;
        }

        static Call reorder(stream stream, memory from, memory to) {
            return new Call(stream, new reorder(from, to)).with(dnnl.DNNL_ARG_FROM, from).with(dnnl.DNNL_ARG_TO, to);
        }

        Call with(int argument, memory memory) {
            arguments.put(argument, memory);
            return this;
        }

        Call naming(memory... memories) {
            named = memories;
            return this;
        }

        void run(long... addresses) {
            for (int i = 0; i < addresses.length; i++) {
                named[i].set_data_handle(address.of(addresses[i]));
            }
            primitive.execute(stream, arguments);
        }
    }

    private static final class Address extends Pointer {
        Address of(long at) {
            address = at;
            return this;
        }
    }
}
