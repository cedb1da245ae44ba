package org.espalier.method.controls;

import java.util.List;
import org.espalier.method.Method;
import org.espalier.method.MethodContext;
import org.espalier.method.MethodResult;
import org.espalier.model.Architecture;
import org.espalier.model.FeatureMap;
import org.espalier.model.Graph;
import org.espalier.model.GraphNode;
import org.espalier.model.Initial;
import org.espalier.model.Network;
import org.espalier.model.Op;
import org.espalier.prune.Criterion;
import org.espalier.prune.Plan;

/**
 * Scratch-E and Scratch-B, the controls of Liu et al. ("Rethinking the Value of Network Pruning", 2019): the pruned architecture with new initial
 * weights, drawn from the seed. What is called the retraining is then all of its training: by the original's schedule for as many epochs as the
 * original (E), or for as many as cost as much as the original's training ({@link #epochs}, B).
 *
 * <pre>
 * plan = R56-B; method = scratch; schedule = step; epochs = 160                     Scratch-E
 * plan = R56-B; method = scratch; schedule = step epochs=220; epochs = 220          Scratch-B
 * </pre>
 */
public record Scratch() implements Method {

    @Override
    public void check(Plan plan, Criterion criterion) {
        Method.requireNoCriterion("scratch", criterion);
    }

    @Override
    public MethodResult run(MethodContext context) {
        check(context.plan(), context.criterion());
        Architecture architecture = context.original().architecture();
        Network initial = Initial.network(context.plan().pruned(architecture), context.recipe().seed());
        return MethodResult.of(initial.with(context.original().names()));
    }

    /**
     * Scratch-B's epochs: int(original epochs x operations of the dense network / operations of the pruned one), both counted as the authors of
     * "Network Pruning That Matters" count in {@code compute_flops.py}: 2 for a multiply-add, 2 for an element of a batch norm, 1 of a ReLU, and the
     * window for an output of a pool.
     */
    public static int epochs(int original, Architecture dense, Architecture pruned) {
        return (int) (original * operations(dense) / operations(pruned));
    }

    private static double operations(Architecture architecture) {
        Graph graph = architecture.graph();
        var shapes = graph.shapes(architecture.image());
        return graph.nodes().stream().mapToDouble(node -> operations(node, shapes.get(node.name()), shapes.get(node.inputs().get(0)))).sum();
    }

    private static double operations(GraphNode node, FeatureMap out, FeatureMap in) {
        double elements = (double) out.channels() * out.height() * out.width();
        if (node.op() instanceof Op.BatchNorm) {
            return 2 * elements;
        }
        if (node.op() instanceof Op.MaxPool pool) {
            return elements * pool.kernel() * pool.kernel();
        }
        if (node.op() instanceof Op.AvgPool pool) {
            return elements * pool.kernel() * pool.kernel();
        }
        if (node.op() instanceof Op.GlobalAvgPool) {
            return (double) in.channels() * in.height() * in.width();
        }
        return node.op() instanceof Op.Relu ? elements : 2. * node.op().macs(out);
    }

    @Override
    public boolean startsFromOriginal() {
        return false;
    }

    @Override
    public String text() {
        return "scratch";
    }
}
