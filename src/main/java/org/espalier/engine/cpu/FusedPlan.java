package org.espalier.engine.cpu;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.espalier.model.Graph;
import org.espalier.model.GraphNode;
import org.espalier.model.Op;

/**
 * A network read as units that are computed in one go: a layer, its norm, an addition and a ReLU; each takes what the one before puts out, and adds
 * what was put out two units before. Networks whose nodes can't be read so have no such plan, and the plain engine computes them.
 */
record FusedPlan(List<Unit> units, Head head) {

    /** Empty where the nodes can't be read so. */
    static Optional<FusedPlan> of(Graph graph) {
        List<Unit> units = new ArrayList<>();
        List<String> outputs = new ArrayList<>(List.of(GraphNode.INPUT));
        int i = 0;
        while (i < graph.nodes().size()) {
            Reader reader = new Reader(graph.nodes(), i);
            String last = outputs.get(outputs.size() - 1);
            Pool pool = reader.pool(last);
            Layer layer = reader.layer();
            if (layer == null) {
                return Optional.empty();
            }
            if (reader.done()) {
                return layer instanceof Layer.Linear linear ? Optional.of(new FusedPlan(units, new Head(pool, linear))) : Optional.empty();
            }
            String twoBefore = outputs.size() < 2 ? null : outputs.get(outputs.size() - 2);
            Unit unit = reader.rest(pool, layer, twoBefore);
            if (unit == null) {
                return Optional.empty();
            }
            units.add(unit);
            outputs.add(reader.last);
            i = reader.next;
        }
        return Optional.empty();
    }

    private static final class Reader {
        private final List<GraphNode> nodes;
        int next;
        String last;

        Reader(List<GraphNode> nodes, int next) {
            this.nodes = nodes;
            this.next = next;
        }

        private GraphNode take() {
            last = nodes.get(next).name();
            return nodes.get(next++);
        }

        private boolean is(Class<? extends Op> op) {
            return next < nodes.size() && op.isInstance(nodes.get(next).op());
        }

        private boolean takes(String... inputs) {
            return nodes.get(next).inputs().equals(List.of(inputs));
        }

        boolean done() {
            return next == nodes.size();
        }

        Pool pool(String input) {
            last = input;
            if (is(Op.MaxPool.class) && takes(input) && nodes.get(next).op().equals(new Op.MaxPool(2, 2, 0))) {
                take();
                return Pool.MAX;
            }
            if (is(Op.GlobalAvgPool.class) && takes(input)) {
                take();
                return Pool.MEAN;
            }
            return Pool.NONE;
        }

        Layer layer() {
            if (is(Op.Conv2d.class) && takes(last)) {
                Op.Conv2d conv = (Op.Conv2d) nodes.get(next).op();
                String name = take().name();
                return conv.groups() > 1 || conv.bias() || conv.padding() != conv.kernel() / 2 ? null
                        : new Layer.Conv(name, conv.in(), conv.out(), conv.kernel(), conv.stride());
            }
            if (is(Op.Linear.class) && takes(last)) {
                Op.Linear linear = (Op.Linear) nodes.get(next).op();
                return new Layer.Linear(take().name(), linear.in(), linear.out());
            }
            return null;
        }

        Unit rest(Pool pool, Layer layer, String twoBefore) {
            if (!is(Op.BatchNorm.class) || !takes(last)) {
                return null;
            }
            Layer.Norm norm = new Layer.Norm(take().name(), ((Op.BatchNorm) nodes.get(next - 1).op()).channels());
            String normed = last;
            String around = twoBefore;
            Optional<Downsampling> shortcut = Optional.empty();
            if (is(Op.AvgPool.class)) {
                shortcut = shortcut(twoBefore);
                if (shortcut.isEmpty()) {
                    return null;
                }
                around = last;
            }
            boolean residual = is(Op.Add.class);
            if (residual) {
                if (around == null || !takes(normed, around)) {
                    return null;
                }
                take();
            } else {
                last = normed;
            }
            if (!is(Op.Relu.class) || !takes(last)) {
                return null;
            }
            take();
            return new Unit(pool, layer, norm, residual, shortcut);
        }

        private Optional<Downsampling> shortcut(String input) {
            if (input == null || !takes(input)) {
                return Optional.empty();
            }
            Op.AvgPool pool = (Op.AvgPool) take().op();
            if (!is(Op.PadChannels.class) || !takes(last)) {
                return Optional.empty();
            }
            return Optional.of(new Downsampling(pool, (Op.PadChannels) take().op()));
        }
    }
}
