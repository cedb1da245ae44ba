package org.espalier.prune;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.espalier.model.Network;
import org.espalier.model.GraphNode;
import org.espalier.model.Op;
import org.espalier.model.Tensor;

/** A network computed in float64, loop by loop, from the definitions of its operations; gates multiply what chosen nodes put out. */
final class DoubleNetwork {
    private final Network network;
    private final Map<String, double[]> gates = new HashMap<>();

    /** Maps [N, C, H, W]. */
    record Maps(int n, int c, int h, int w, double[] values) {
        Maps(int n, int c, int h, int w) {
            this(n, c, h, w, new double[n * c * h * w]);
        }

        int at(int i, int channel, int y, int x) {
            return ((i * c + channel) * h + y) * w + x;
        }
    }

    DoubleNetwork(Network network) {
        this.network = network;
    }

    /** Multiplies one channel of a node's output. */
    DoubleNetwork gated(String node, int channel, int channels, double gate) {
        double[] all = new double[channels];
        java.util.Arrays.fill(all, 1);
        all[channel] = gate;
        gates.clear();
        gates.put(node, all);
        return this;
    }

    /** What each node puts out; batch norm computes by the batch's statistics in training. */
    Map<String, Maps> outputs(Maps images, boolean training) {
        Map<String, Maps> outputs = new HashMap<>(Map.of(GraphNode.INPUT, images));
        for (GraphNode node : network.architecture().nodes()) {
            List<Maps> in = node.inputs().stream().map(outputs::get).toList();
            Maps out = compute(node, in, training);
            double[] gate = gates.get(node.name());
            if (gate != null) {
                for (int i = 0; i < out.values.length; i++) {
                    out.values[i] *= gate[i / (out.h * out.w) % out.c];
                }
            }
            outputs.put(node.name(), out);
        }
        return outputs;
    }

    /** The mean cross-entropy in training mode. */
    double loss(Maps images, int[] labels) {
        Maps logits = outputs(images, true).get(network.architecture().graph().output().name());
        double sum = 0;
        for (int i = 0; i < labels.length; i++) {
            double all = 0;
            for (int c = 0; c < logits.c; c++) {
                all += Math.exp(logits.values[i * logits.c + c]);
            }
            sum += Math.log(all) - logits.values[i * logits.c + labels[i]];
        }
        return sum / labels.length;
    }

    private Maps compute(GraphNode node, List<Maps> inputs, boolean training) {
        Maps x = inputs.get(0);
        Op op = node.op();
        if (op instanceof Op.Conv2d conv) {
            return convolved(x, conv, weight(node, "weight"));
        } else if (op instanceof Op.BatchNorm) {
            return normalised(x, node, training);
        } else if (op instanceof Op.Relu) {
            Maps out = new Maps(x.n, x.c, x.h, x.w);
            java.util.Arrays.setAll(out.values, i -> Math.max(0, x.values[i]));
            return out;
        } else if (op instanceof Op.Add) {
            Maps out = new Maps(x.n, x.c, x.h, x.w);
            java.util.Arrays.setAll(out.values, i -> x.values[i] + inputs.get(1).values[i]);
            return out;
        } else if (op instanceof Op.AvgPool pool) {
            return pooled(x, pool.kernel(), pool.kernel(), pool.stride());
        } else if (op instanceof Op.GlobalAvgPool) {
            return pooled(x, x.h, x.w, 1);
        } else if (op instanceof Op.PadChannels pad) {
            Maps out = new Maps(x.n, pad.before() + x.c + pad.behind(), x.h, x.w);
            for (int i = 0; i < x.n; i++) {
                System.arraycopy(x.values, x.at(i, 0, 0, 0), out.values, out.at(i, pad.before(), 0, 0), x.c * x.h * x.w);
            }
            return out;
        } else if (op instanceof Op.Flatten) {
            return new Maps(x.n, x.c * x.h * x.w, 1, 1, x.values.clone());
        } else if (op instanceof Op.Linear linear) {
            Tensor weight = weight(node, "weight");
            Tensor bias = weight(node, "bias");
            Maps out = new Maps(x.n, linear.out(), 1, 1);
            for (int i = 0; i < out.values.length; i++) {
                int row = i % linear.out();
                out.values[i] = bias.at(row);
                for (int k = 0; k < linear.in(); k++) {
                    out.values[i] += weight.at(row * linear.in() + k) * x.values[i / linear.out() * linear.in() + k];
                }
            }
            return out;
        }
        throw new IllegalArgumentException("no float64 of " + op);
    }

    private Tensor weight(GraphNode node, String part) {
        return network.weights().get(node.name() + "." + part);
    }

    private static Maps convolved(Maps x, Op.Conv2d conv, Tensor weight) {
        int h = (x.h + 2 * conv.padding() - conv.kernel()) / conv.stride() + 1;
        int w = (x.w + 2 * conv.padding() - conv.kernel()) / conv.stride() + 1;
        Maps out = new Maps(x.n, conv.out(), h, w);
        for (int i = 0; i < x.n; i++) {
            for (int o = 0; o < conv.out(); o++) {
                for (int place = 0; place < h * w; place++) {
                    double sum = 0;
                    for (int k = 0; k < conv.in() * conv.kernel() * conv.kernel(); k++) {
                        int y = place / w * conv.stride() + k / conv.kernel() % conv.kernel() - conv.padding();
                        int column = place % w * conv.stride() + k % conv.kernel() - conv.padding();
                        if (y >= 0 && y < x.h && column >= 0 && column < x.w) {
                            sum += weight.at(o * conv.in() * conv.kernel() * conv.kernel() + k)
                                    * x.values[x.at(i, k / (conv.kernel() * conv.kernel()), y, column)];
                        }
                    }
                    out.values[out.at(i, o, place / w, place % w)] = sum;
                }
            }
        }
        return out;
    }

    private Maps normalised(Maps x, GraphNode node, boolean training) {
        Maps out = new Maps(x.n, x.c, x.h, x.w);
        int pixels = x.h * x.w;
        for (int c = 0; c < x.c; c++) {
            double mean = weight(node, "running_mean").at(c);
            double variance = weight(node, "running_var").at(c);
            if (training) {
                double sum = 0;
                double squares = 0;
                for (int k = 0; k < x.n * pixels; k++) {
                    double value = x.values[x.at(k / pixels, c, 0, 0) + k % pixels];
                    sum += value;
                    squares += value * value;
                }
                mean = sum / (x.n * pixels);
                variance = squares / (x.n * pixels) - mean * mean;
            }
            for (int k = 0; k < x.n * pixels; k++) {
                int place = x.at(k / pixels, c, 0, 0) + k % pixels;
                out.values[place] = weight(node, "weight").at(c) * (x.values[place] - mean) / Math.sqrt(variance + 1e-5) + weight(node, "bias").at(c);
            }
        }
        return out;
    }

    private static Maps pooled(Maps x, int height, int width, int stride) {
        Maps out = new Maps(x.n, x.c, (x.h - height) / stride + 1, (x.w - width) / stride + 1);
        for (int i = 0; i < out.values.length; i++) {
            int top = i / out.w % out.h * stride;
            int left = i % out.w * stride;
            int map = i / (out.h * out.w) * x.h * x.w;
            for (int k = 0; k < height * width; k++) {
                out.values[i] += x.values[map + (top + k / width) * x.w + left + k % width] / (height * width);
            }
        }
        return out;
    }
}
