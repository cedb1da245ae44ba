package org.espalier.compute;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.espalier.model.Architecture;
import org.espalier.model.Unit;

/**
 * On a CPU, every thread computes a share of the batch, channels last; batch norm alone brings the shares together. An engine that divides
 * each operation among its threads instead makes them wait for each other at every one of them, and passes over memory more often.
 *
 * <p>Sums of shares are rounded otherwise than those of whole batches: the same number of threads gives the same bits. Whoever asks while
 * it computes waits, also to close it.
 */
final class Shares implements Computation {
    private final Architecture architecture;
    private final List<Unit> units;
    private final Map<String, PtNDArray> parameters;
    /** For each share, an array like {@link Parameters#trained()}; the first one's become the sums. */
    private final List<PtNDArray> gradients = new ArrayList<>();
    private final Map<String, PtNDArray> sums;
    private final List<SharedNorm> norms = new ArrayList<>();
    private final Map<String, ChannelsLast> weights = new LinkedHashMap<>();
    /** Of the convolutions' weights, for each share. */
    private final List<Map<String, ChannelsLast>> gradientsOfWeights = new ArrayList<>();
    private final List<Workspace> workspaces = new ArrayList<>();
    private final Crew crew;
    private boolean closed;

    /** @param winograd whether convolutions are Winograd's where that pays */
    Shares(Architecture architecture, Parameters parameters, boolean winograd) {
        this.architecture = architecture;
        this.parameters = parameters.views();
        units = architecture.units();
        List<Map<String, PtNDArray>> named = new ArrayList<>();
        for (int i = 0; i < Crew.THREADS; i++) {
            workspaces.add(new Workspace(winograd));
            gradients.add((PtNDArray) parameters.trained().zerosLike());
            named.add(parameters.views(gradients.get(i)));
            gradientsOfWeights.add(weights(named.get(i)));
        }
        weights.putAll(weights(this.parameters));
        sums = named.get(0);
        units.forEach(unit -> norms.add(new SharedNorm(unit.norm(), this.parameters, sums)));
        crew = new Crew(Crew.THREADS);
    }

    private Map<String, ChannelsLast> weights(Map<String, PtNDArray> named) {
        Map<String, ChannelsLast> ofConvolutions = new LinkedHashMap<>();
        units.stream().map(unit -> unit.layer().name() + ".weight").forEach(name -> ofConvolutions.put(name, ChannelsLast.of(named.get(name))));
        return ofConvolutions;
    }

    @Override
    public synchronized NDArray logits(NDArray images) {
        requireOpen();
        List<SharedNorm.Affine> affines = norms.stream().map(SharedNorm::running).toList();
        NDManager manager = images.getManager();
        try (NDManager scratch = manager.newSubManager()) {
            NDList parts = split(images);
            NDList logits = new NDList(parts.size());
            for (int i = 0; i < parts.size(); i++) {
                logits.add(null);
            }
            crew.run(parts.size(), i -> {
                NDManager own = scratch.newSubManager();
                parts.get(i).attach(own);
                logits.set(i, new Inference(architecture, parameters, weights, workspaces.get(i), affines).logits((PtNDArray) parts.get(i), (PtNDManager) own));
            });
            NDArray all = NDArrays.concat(logits, 0);
            all.attach(manager);
            return all;
        }
    }

    @Override
    public synchronized Learnt learn(NDArray images, NDArray labels) {
        requireOpen();
        NDList parts = split(images);
        NDList labelsOfParts = split(labels);
        List<Share> shares = new ArrayList<>();
        try {
            for (int i = 0; i < parts.size(); i++) {
                shares.add(new Share(units, weights, gradientsOfWeights.get(i), workspaces.get(i), (PtNDArray) parts.get(i)));
            }
            List<Moments> moments = forward(shares, labelsOfParts, labels.size());
            backward(shares, moments);
            return new Learnt(sum(shares, Classification::lossSum, images.getManager()), sum(shares, Classification::correct, images.getManager()));
        } finally {
            shares.forEach(Share::close);
            labelsOfParts.close();
        }
    }

    /** Through the network and back to its last norm. */
    private List<Moments> forward(List<Share> shares, NDList labels, long batch) {
        int last = units.size() - 1;
        List<Moments> moments = each(shares, i -> shares.get(i).convolve(0, null));
        for (int number = 0; number < last; number++) {
            SharedNorm.Affine affine = norms.get(number).batch(moments);
            int unit = number + 1;
            moments = each(shares, i -> shares.get(i).convolve(unit, affine));
        }
        SharedNorm.Affine affine = norms.get(last).batch(moments);
        float[] mean = norms.get(last).mean();
        return each(shares, i -> shares.get(i).classify(affine, architecture.head(), labels.get(i), batch, parameters, mean));
    }

    private void backward(List<Share> shares, List<Moments> ofLast) {
        List<Moments> moments = ofLast;
        for (int number = units.size() - 1; number >= 0; number--) {
            SharedNorm.Backward norm = norms.get(number).backward(moments);
            int unit = number;
            float[] meanBefore = number == 0 ? null : norms.get(number - 1).mean();
            moments = each(shares, i -> shares.get(i).back(unit, norm, meanBefore));
        }
        // In the order of the shares, whichever was ready first.
        gradients.subList(1, shares.size()).forEach(gradients.get(0)::addi);
        sumOfHead(shares);
    }

    /** What the shares return, in their order. */
    private List<Moments> each(List<Share> shares, IntFunction<List<Moments>> task) {
        List<List<Moments>> moments = new ArrayList<>(Collections.nCopies(shares.size(), null));
        crew.run(shares.size(), i -> moments.set(i, task.apply(i)));
        return moments.stream().flatMap(List::stream).toList();
    }

    private static NDArray sum(List<Share> shares, Function<Classification, NDArray> part, NDManager manager) {
        NDArray sum = part.apply(shares.get(0).classification());
        sum.attach(manager);
        shares.stream().skip(1).forEach(share -> sum.addi(part.apply(share.classification())));
        return sum;
    }

    private void sumOfHead(List<Share> shares) {
        architecture.head().layer().shapes().keySet().forEach(name -> sums.get(name).subi(sums.get(name)));
        shares.stream().map(share -> share.classification().gradients()).forEach(ofShare -> ofShare.forEach((name, gradient) -> {
            sums.get(name).addi(gradient);
            gradient.close();
        }));
    }

    /** As evenly as it goes; some threads have nothing to do where there are fewer images. */
    private static NDList split(NDArray batch) {
        long size = batch.getShape().get(0);
        int parts = (int) Math.min(Crew.THREADS, size);
        return parts == 1 ? new NDList(batch.duplicate()) : batch.split(IntStream.range(1, parts).mapToLong(i -> size * i / parts).toArray());
    }

    @Override
    public NDArray gradients() {
        return gradients.get(0);
    }

    @Override
    public EngineMode mode() {
        return EngineMode.ofShares();
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("this network was closed");
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        crew.close();
        workspaces.forEach(Workspace::close);
    }
}
