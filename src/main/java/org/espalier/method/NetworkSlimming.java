package org.espalier.method;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.espalier.model.Architecture;
import org.espalier.model.Network;
import org.espalier.model.Op;
import org.espalier.model.Tensor;
import org.espalier.model.channels.ChannelGroup;
import org.espalier.model.channels.ChannelRemoval;
import org.espalier.prune.Calibration;
import org.espalier.prune.Criterion;
import org.espalier.prune.Plan;
import org.espalier.prune.criteria.BatchNormScale;
import org.espalier.text.CanonicalText;
import org.espalier.train.Run;
import org.espalier.train.hooks.TrainingContext;
import org.espalier.train.hooks.TrainingHook;
import org.espalier.train.schedules.StepDecay;

/**
 * Network slimming: trains with a sparsity term that adds s sign(gamma) to the gradient of each batch norm's scale, then removes the channels whose
 * |gamma| is at most a threshold over all layers, the value at index int(total ratio) of all in ascending order (Liu et al., 2017, and their code).
 *
 * <p>The plan is {@code found}. Unlike there, where a layer that selects channels stands in front of each block of a ResNet, the threshold is over
 * the prunable groups only, so that residual sums stay whole. A layer that would be emptied, on which their code fails, keeps the channel with the
 * largest |gamma|, and a remark says so. Their scales begin at 0.5, here at the network's usual 1.
 *
 * @param ratio  of the channels to remove, in (0, 1)
 * @param epochs of the training: 160 there, 40 at a quarter; 0.1, a tenth of it at 50 % and at 75 %
 * @param s      1e-4 for VGG, and what their code has when nothing is said; 1e-5 for ResNets and DenseNets
 * @param start  from initial weights there
 */
public record NetworkSlimming(double ratio, int epochs, double s, Start start) implements Method {

    public NetworkSlimming {
        if (!(ratio > 0 && ratio < 1) || epochs < 1 || !(s >= 0 && s < 1)) {
            throw new IllegalArgumentException("slimming removes a ratio in (0, 1) after at least 1 epoch with s in [0, 1), not " + ratio + ", " + epochs
                    + " and " + s);
        }
    }

    static NetworkSlimming parse(CanonicalText fields) {
        return new NetworkSlimming(fields.real("ratio", .4), fields.number("epochs", 40), fields.real("s", 1e-4),
                fields.choice("start", Start.class, Start.SCRATCH));
    }

    @Override
    public void check(Plan plan, Criterion criterion) {
        Method.requireFound("slimming", plan, criterion);
    }

    @Override
    public MethodResult run(MethodContext context) {
        check(context.plan(), context.criterion());
        Run run = context.train(start.network(context), StepDecay.cifar(epochs), epochs, context.recipe(), new Sparsity(s));
        List<String> remarks = new ArrayList<>();
        List<int[]> kept = kept(run.network(), ratio, remarks);
        return new MethodResult(ChannelRemoval.keep(run.network(), kept), List.of(), List.of(run), remarks);
    }

    /** Adds s sign(gamma) to the gradient of each scale behind a convolution. */
    record Sparsity(double s) implements TrainingHook {
        @Override
        public void beforeUpdate(TrainingContext context) {
            Map<String, Tensor> penalty = new HashMap<>();
            for (String name : scales(context.architecture())) {
                float[] gamma = context.weight(name).values();
                for (int i = 0; i < gamma.length; i++) {
                    gamma[i] = (float) s * Math.signum(gamma[i]);
                }
                penalty.put(name, Tensor.of(gamma, gamma.length));
            }
            context.addToGradients(penalty);
        }
    }

    private static List<String> scales(Architecture architecture) {
        List<String> linear = architecture.nodes().stream().filter(node -> node.op() instanceof Op.Linear).map(node -> node.name()).toList();
        return architecture.nodes().stream().filter(node -> node.op() instanceof Op.BatchNorm && !linear.contains(node.inputs().get(0)))
                .map(node -> node.name() + ".weight").toList();
    }

    /** The channels above the threshold, for each prunable group. */
    static List<int[]> kept(Network network, double ratio, List<String> remarks) {
        List<ChannelGroup> groups = network.architecture().prunable();
        List<double[]> scores = groups.stream().map(group -> new BatchNormScale().scores(network, group, Calibration.NONE)).toList();
        double[] all = scores.stream().flatMapToDouble(Arrays::stream).sorted().toArray();
        double threshold = all[(int) (all.length * ratio)];
        List<int[]> kept = new ArrayList<>();
        List<ChannelGroup> emptied = new ArrayList<>();
        for (int g = 0; g < groups.size(); g++) {
            double[] own = scores.get(g);
            int[] above = IntStream.range(0, own.length).filter(channel -> own[channel] > threshold).toArray();
            if (above.length == 0) {
                emptied.add(groups.get(g));
                above = IntStream.range(0, own.length).boxed().max((a, b) -> own[a] == own[b] ? b - a : Double.compare(own[a], own[b])).stream()
                        .mapToInt(Integer::intValue).toArray();
            }
            kept.add(above);
        }
        if (!emptied.isEmpty()) {
            remarks.add("slimming would have emptied " + emptied.size() + " of " + groups.size() + " layers at a threshold of " + threshold
                    + "; each keeps the channel with its largest scale: " + emptied.stream().map(ChannelGroup::name).collect(Collectors.joining(", ")));
        }
        return kept;
    }

    @Override
    public boolean startsFromOriginal() {
        return start == Start.PRETRAINED;
    }

    @Override
    public String text() {
        return new CanonicalText("slimming").add("ratio", ratio, .4).add("epochs", epochs, 40).add("s", s, 1e-4)
                .add("start", start, Start.SCRATCH).toString();
    }
}
