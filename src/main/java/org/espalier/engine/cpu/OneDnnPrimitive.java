package org.espalier.engine.cpu;

import org.bytedeco.dnnl.IntMemoryMap;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.primitive;
import org.bytedeco.dnnl.primitive_attr;
import org.bytedeco.dnnl.reorder;
import org.bytedeco.dnnl.stream;
import org.bytedeco.javacpp.Pointer;

/** Executes a primitive that oneDNN has planned, with its arguments, some of which get their memory at each call. */
final class OneDnnPrimitive {
    private final stream stream;
    private final primitive planned;
    private final IntMemoryMap arguments = new IntMemoryMap();
    private final Address address = new Address();
    private memory[] named;

    OneDnnPrimitive(stream stream, primitive planned) {
        this.stream = stream;
        this.planned = planned;
    }

    /** Copies weights to another order in memory. */
    static OneDnnPrimitive reorder(stream stream, memory from, memory to, primitive_attr attributes) {
        var planned = new reorder.primitive_desc(from, to, attributes, false);
        return new OneDnnPrimitive(stream, new reorder(planned)).with(dnnl.DNNL_ARG_FROM, from).with(dnnl.DNNL_ARG_TO, to)
                .with(dnnl.DNNL_ARG_SCRATCHPAD, new memory(planned.scratchpad_desc(), from.get_engine()));
    }

    /** Gives a primitive a scratchpad of its own: some kernels share theirs within a thread otherwise, and lose it when the first of them is closed. */
    static primitive_attr ownScratchpad() {
        primitive_attr attributes = new primitive_attr();
        attributes.set_scratchpad_mode(dnnl.scratchpad_mode.user);
        return attributes;
    }

    /** Sets an argument that keeps its memory. */
    OneDnnPrimitive with(int argument, memory memory) {
        arguments.put(argument, memory);
        return this;
    }

    /** Sets the arguments whose memory each call of {@link #run} names, in its order. */
    OneDnnPrimitive naming(memory... memories) {
        named = memories;
        return this;
    }

    void run(long... addresses) {
        for (int i = 0; i < addresses.length; i++) {
            named[i].set_data_handle(address.of(addresses[i]));
        }
        planned.execute(stream, arguments);
    }

    private static final class Address extends Pointer {
        Address of(long at) {
            address = at;
            return this;
        }
    }
}
