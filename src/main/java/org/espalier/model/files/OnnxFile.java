package org.espalier.model.files;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.AttributeProto.AttributeType;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Map;
import org.espalier.model.GraphNode;
import org.espalier.model.Network;
import org.espalier.model.Op;
import org.espalier.model.Tensor;

/**
 * The ONNX format (onnx.ai), in evaluation mode: a node for each of the network's, under its name. The images are the input {@code input}
 * [N, C, height, width]; the logits [N, classes] are the output, called like the last node. Batch norms stay apart: who runs the file fuses them.
 */
final class OnnxFile {
    /** Of 2020: what reads ONNX at all reads it. */
    private static final int OPERATORS = 13;
    private static final int FORMAT = 7;

    private final GraphProto.Builder graph = GraphProto.newBuilder();

    private OnnxFile(Network network) {
        var nodes = network.architecture().graph();
        graph.setName(network.architecture().text().split(" ")[0]).addInput(value(GraphNode.INPUT, "N", network.architecture().channels(), "height", "width"))
                .addOutput(value(nodes.output().name(), "N", network.architecture().classes()));
        network.weights().tensors().forEach(this::constant);
        nodes.nodes().forEach(this::add);
    }

    /**
     * The same bytes for the same network.
     *
     * @param metadata texts beside it, in their order
     */
    static byte[] write(Network network, Map<String, String> metadata) {
        ModelProto.Builder model = ModelProto.newBuilder().setIrVersion(FORMAT).setProducerName("Espalier")
                .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(OPERATORS)).setGraph(new OnnxFile(network).graph);
        metadata.forEach((key, text) -> model.addMetadataProps(StringStringEntryProto.newBuilder().setKey(key).setValue(text)));
        return model.build().toByteArray();
    }

    private void add(GraphNode node) {
        Op op = node.op();
        String name = node.name();
        if (op instanceof Op.Conv2d conv) {
            node("Conv", node, numbers("kernel_shape", conv.kernel(), conv.kernel()), numbers("strides", conv.stride(), conv.stride()),
                    padding(conv.padding()), number("group", conv.groups()));
        } else if (op instanceof Op.BatchNorm) {
            // ONNX's default epsilon is PyTorch's, 1e-5.
            node("BatchNormalization", node);
        } else if (op instanceof Op.Linear) {
            node("Gemm", node, number("transB", 1));
        } else if (op instanceof Op.MaxPool pool) {
            node("MaxPool", node, numbers("kernel_shape", pool.kernel(), pool.kernel()), numbers("strides", pool.stride(), pool.stride()),
                    padding(pool.padding()));
        } else if (op instanceof Op.AvgPool pool) {
            node("AveragePool", node, numbers("kernel_shape", pool.kernel(), pool.kernel()), numbers("strides", pool.stride(), pool.stride()));
        } else if (op instanceof Op.GlobalAvgPool) {
            // ONNX keeps two axes of length 1, which are dropped under the node's own name.
            node("GlobalAveragePool", node).setOutput(0, name + ".maps");
            node("Flatten", GraphNode.of(name, op, node.stage(), name + ".maps")).setName(name + ".flatten");
        } else if (op instanceof Op.Concat) {
            node("Concat", node, number("axis", 1));
        } else if (op instanceof Op.PadChannels pad) {
            graph.addInitializer(TensorProto.newBuilder().setName(name + ".pads").setDataType(TensorProto.DataType.INT64.getNumber()).addDims(8)
                    .addAllInt64Data(Arrays.asList(0L, (long) pad.before(), 0L, 0L, 0L, (long) pad.behind(), 0L, 0L)));
            node("Pad", node).addInput(name + ".pads");
        } else if (op instanceof Op.Relu6) {
            constant(name + ".min", Tensor.of(new float[] {0}));
            constant(name + ".max", Tensor.of(new float[] {6}));
            node("Clip", node).addInput(name + ".min").addInput(name + ".max");
        } else {
            node(op instanceof Op.Relu ? "Relu" : op instanceof Op.Flatten ? "Flatten" : node.inputs().size() == 2 ? "Add" : "Sum", node);
        }
    }

    /** Takes what the node takes, and the tensors that it owns. */
    private NodeProto.Builder node(String type, GraphNode node, AttributeProto... attributes) {
        return graph.addNodeBuilder().setOpType(type).setName(node.name()).addOutput(node.name()).addAllInput(node.inputs())
                .addAllInput(node.op().tensors().keySet().stream().map(part -> node.name() + "." + part).toList()).addAllAttribute(Arrays.asList(attributes));
    }

    private static AttributeProto number(String name, long value) {
        return AttributeProto.newBuilder().setName(name).setType(AttributeType.INT).setI(value).build();
    }

    private static AttributeProto numbers(String name, long... values) {
        AttributeProto.Builder attribute = AttributeProto.newBuilder().setName(name).setType(AttributeType.INTS);
        Arrays.stream(values).forEach(attribute::addInts);
        return attribute.build();
    }

    private static AttributeProto padding(int sides) {
        return numbers("pads", sides, sides, sides, sides);
    }

    private void constant(String name, Tensor tensor) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * tensor.size()).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(tensor.values());
        TensorProto.Builder constant = graph.addInitializerBuilder().setName(name).setDataType(TensorProto.DataType.FLOAT.getNumber())
                .setRawData(ByteString.copyFrom(bytes));
        Arrays.stream(tensor.shape()).forEach(constant::addDims);
    }

    /** @param lengths numbers, and names of those that are free */
    private static ValueInfoProto value(String name, Object... lengths) {
        TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
        for (Object length : lengths) {
            if (length instanceof Integer number) {
                shape.addDimBuilder().setDimValue(number);
            } else {
                shape.addDimBuilder().setDimParam((String) length);
            }
        }
        return ValueInfoProto.newBuilder().setName(name).setType(TypeProto.newBuilder().setTensorType(TypeProto.Tensor.newBuilder()
                .setElemType(TensorProto.DataType.FLOAT.getNumber()).setShape(shape))).build();
    }
}
