package org.espalier.engine;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import java.util.HashMap;
import java.util.Map;
import org.espalier.engine.device.DeviceTensors;
import org.espalier.engine.device.Devices;
import org.espalier.model.Graph;
import org.espalier.model.Network;
import org.espalier.model.Op;

/** A network as a block of DJL's, for its {@code Predictor}, its {@code Trainer} and what serves its models: the plain engine computes it. */
public final class NetworkBlock extends AbstractBlock {
    private final Graph graph;
    private final int classes;

    private NetworkBlock(Network network, NDManager manager) {
        graph = network.architecture().graph();
        classes = network.architecture().classes();
        network.weights().tensors().forEach((name, tensor) -> addParameter(Parameter.builder().setName(name).setType(Parameter.Type.OTHER)
                .optRequiresGrad(Op.isTrained(name)).optArray(DeviceTensors.array(manager, tensor)).build()));
    }

    /** A DJL model of the network, on the device that {@link Devices#current} says. Whoever asks closes it. */
    public static Model model(Network network) {
        Model model = Model.newInstance(network.architecture().text().split(" ")[0], Devices.current());
        model.setBlock(new NetworkBlock(network, model.getNDManager()));
        return model;
    }

    @Override
    protected NDList forwardInternal(ParameterStore store, NDList inputs, boolean training, PairList<String, Object> options) {
        NDArray images = inputs.singletonOrThrow();
        Map<String, NDArray> tensors = new HashMap<>();
        parameters.forEach((name, parameter) -> tensors.put(name, store.getValue(parameter, images.getDevice(), training)));
        return new NDList(PlainEngine.forward(graph, images, tensors, training));
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputs) {
        return new Shape[] {new Shape(inputs[0].get(0), classes)};
    }
}
