package org.espalier.method;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.espalier.model.Architecture;
import org.espalier.model.Network;
import org.espalier.model.Tensor;
import org.espalier.model.Weights;
import org.espalier.model.channels.ChannelGroup;
import org.espalier.prune.criteria.Filters;
import org.espalier.prune.criteria.Taylor;
import org.espalier.train.hooks.TrainingContext;
import org.espalier.train.hooks.TrainingHook;

/** Scores the gates of {@link TaylorTraining} at each step, and sets the lowest to zero now and then: the batch norm's scale and shift. */
final class TaylorGates implements TrainingHook {
    private static final float MOMENTUM = .9f;

    private final Architecture architecture;
    private final List<ChannelGroup> groups;
    private final int target;
    private final int eachTime;
    private final int every;
    /** By group and channel; in float32, as a state on disk has them. */
    private final float[][] sums;
    private final float[][] averages;
    private final float[][] open;
    private Weights factors;

    /** @param target how many gates go in all */
    TaylorGates(Architecture architecture, int target, int eachTime, int every) {
        this.architecture = architecture;
        groups = architecture.prunable();
        this.target = target;
        this.eachTime = eachTime;
        this.every = every;
        sums = new float[groups.size()][];
        averages = new float[groups.size()][];
        open = new float[groups.size()][];
        for (int g = 0; g < groups.size(); g++) {
            sums[g] = new float[groups.get(g).width()];
            averages[g] = new float[groups.get(g).width()];
            open[g] = new float[groups.get(g).width()];
            Arrays.fill(open[g], 1);
        }
    }

    /** How many mini-batches it takes until all are gone. */
    long steps() {
        return (long) (target + eachTime - 1) / eachTime * every;
    }

    @Override
    public void beforeUpdate(TrainingContext context) {
        if (context.step() >= steps()) {
            return;
        }
        Network now = context.network();
        Weights gradients = context.gradients();
        for (int g = 0; g < sums.length; g++) {
            double[] gates = Taylor.gates(now, groups.get(g), gradients);
            for (int channel = 0; channel < gates.length; channel++) {
                sums[g][channel] += (float) (gates[channel] * gates[channel]);
            }
        }
        if ((context.step() + 1) % every == 0) {
            average(context.step() + 1 == every);
            close();
        }
    }

    @Override
    public void afterStep(TrainingContext context) {
        if (factors != null) {
            context.multiply(factors);
        }
    }

    private void average(boolean isFirst) {
        for (int g = 0; g < sums.length; g++) {
            for (int channel = 0; channel < sums[g].length; channel++) {
                float average = sums[g][channel] / every;
                averages[g][channel] = isFirst ? average : MOMENTUM * averages[g][channel] + (1 - MOMENTUM) * average;
            }
            Arrays.fill(sums[g], 0);
        }
    }

    private void close() {
        record Gate(int group, int channel, float score) {
        }

        List<Gate> gates = new ArrayList<>();
        int closed = 0;
        for (int g = 0; g < open.length; g++) {
            for (int channel = 0; channel < open[g].length; channel++) {
                if (open[g][channel] == 1) {
                    gates.add(new Gate(g, channel, averages[g][channel]));
                } else {
                    closed++;
                }
            }
        }
        gates.sort(Comparator.comparingDouble(Gate::score));
        int more = Math.min(eachTime, target - closed);
        for (Gate gate : gates) {
            boolean isLast = IntStream.range(0, open[gate.group].length).filter(i -> open[gate.group][i] == 1).count() == 1;
            if (more > 0 && !isLast) {
                open[gate.group][gate.channel] = 0;
                more--;
            }
        }
        factors = factors();
    }

    private Weights factors() {
        Map<String, int[]> shapes = architecture.shapes();
        Map<String, Tensor> all = new LinkedHashMap<>();
        for (int g = 0; g < open.length; g++) {
            for (ChannelGroup.Slice slice : Filters.norms(architecture, groups.get(g), "weight", "bias")) {
                float[] values = all.getOrDefault(slice.tensor(), Tensor.filled(1, shapes.get(slice.tensor()))).values();
                for (int channel = 0; channel < open[g].length; channel++) {
                    for (int place : slice.places(channel)) {
                        values[place] = open[g][channel];
                    }
                }
                all.put(slice.tensor(), Tensor.of(values, values.length));
            }
        }
        return new Weights(all);
    }

    @Override
    public Map<String, Tensor> state() {
        Map<String, Tensor> state = new LinkedHashMap<>();
        for (int g = 0; g < open.length; g++) {
            state.put("sums." + g, Tensor.of(sums[g], sums[g].length));
            state.put("averages." + g, Tensor.of(averages[g], sums[g].length));
            state.put("open." + g, Tensor.of(open[g], sums[g].length));
        }
        return state;
    }

    @Override
    public void restore(Map<String, Tensor> saved) {
        for (int g = 0; g < open.length; g++) {
            sums[g] = saved.get("sums." + g).values();
            averages[g] = saved.get("averages." + g).values();
            open[g] = saved.get("open." + g).values();
        }
        factors = factors();
    }
}
