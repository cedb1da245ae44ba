package org.espalier.engine.cpu;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.espalier.engine.BatchLoss;
import org.espalier.engine.Computation;
import org.espalier.engine.device.EngineMode;
import org.espalier.engine.device.Parameters;

/**
 * Computes a network on a CPU with a shard of the batch on each thread, channels last; only batch norm brings the shards together. An engine that
 * divides each operation among its threads instead makes them wait for each other at every one of them, and passes over memory more often.
 *
 * <p>Sums over shards are rounded otherwise than sums over whole batches: the same number of threads gives the same bits. A call waits while
 * another computes, also {@link #close}.
 */
final class ShardedBatch implements Computation {
    private final FusedPlan plan;
    private final List<Unit> units;
    private final Map<String, NDArray> parameters;
    /** For each shard, an array like {@link Parameters#trained()}; the first one's becomes the sum. */
    private final List<NDArray> gradients = new ArrayList<>();
    private final Map<String, NDArray> sums;
    private final List<SyncBatchNorm> norms = new ArrayList<>();
    private final Map<String, ChannelsLast> weights = new LinkedHashMap<>();
    /** For each shard, dL/dW of the convolutions. */
    private final List<Map<String, ChannelsLast>> gradientsOfWeights = new ArrayList<>();
    private final List<Workspace> workspaces = new ArrayList<>();
    private final ThreadTeam threads;
    private boolean closed;

    /** @param winograd whether convolutions are Winograd's where that pays */
    ShardedBatch(FusedPlan plan, Parameters parameters, boolean winograd) {
        this.plan = plan;
        this.parameters = parameters.views();
        units = plan.units();
        List<Map<String, NDArray>> named = new ArrayList<>();
        for (int i = 0; i < ThreadTeam.THREADS; i++) {
            workspaces.add(new Workspace(winograd));
            gradients.add(parameters.trained().zerosLike());
            named.add(parameters.views(gradients.get(i)));
            gradientsOfWeights.add(weights(named.get(i)));
        }
        weights.putAll(weights(this.parameters));
        sums = named.get(0);
        units.forEach(unit -> norms.add(new SyncBatchNorm(unit.layer().name(), unit.norm(), this.parameters, sums)));
        threads = new ThreadTeam(ThreadTeam.THREADS);
    }

    private Map<String, ChannelsLast> weights(Map<String, NDArray> named) {
        Map<String, ChannelsLast> ofConvolutions = new LinkedHashMap<>();
        units.stream().map(unit -> unit.layer().name() + ".weight").forEach(name -> ofConvolutions.put(name, ChannelsLast.of(named.get(name))));
        return ofConvolutions;
    }

    @Override
    public synchronized NDArray logits(NDArray images) {
        requireOpen();
        List<SyncBatchNorm.Affine> affines = norms.stream().map(SyncBatchNorm::running).toList();
        NDManager manager = images.getManager();
        try (NDManager scratch = manager.newSubManager()) {
            NDList parts = split(images);
            NDList logits = new NDList(parts.size());
            for (int i = 0; i < parts.size(); i++) {
                logits.add(null);
            }
            threads.run(parts.size(), i -> {
                NDManager own = scratch.newSubManager();
                parts.get(i).attach(own);
                logits.set(i, new ShardInference(plan, parameters, weights, workspaces.get(i), affines).logits(parts.get(i), own));
            });
            NDArray all = NDArrays.concat(logits, 0);
            all.attach(manager);
            return all;
        }
    }

    @Override
    public NDArray activation(NDArray images, String node) {
        throw new IllegalStateException("shards keep no activations; compute on whole batches, as Execution.WholeBatch does");
    }

    @Override
    public synchronized BatchLoss learn(NDArray images, NDArray labels) {
        requireOpen();
        NDList parts = split(images);
        NDList labelsOfShards = split(labels);
        List<Shard> shards = new ArrayList<>();
        try {
            for (int i = 0; i < parts.size(); i++) {
                shards.add(new Shard(plan, weights, gradientsOfWeights.get(i), workspaces.get(i), parts.get(i)));
            }
            List<float[]> means = forward(shards, labelsOfShards, labels.size());
            backward(shards, means);
            return new BatchLoss(sum(shards, HeadLoss::lossSum, images.getManager()), sum(shards, HeadLoss::correct, images.getManager()));
        } finally {
            shards.forEach(Shard::close);
            labelsOfShards.close();
        }
    }

    /** Computes forward to the loss, and backward to the last norm. Returns the means of all norms' batches. */
    private List<float[]> forward(List<Shard> shards, NDList labels, long batch) {
        int last = units.size() - 1;
        List<ChannelSums> ofShards = each(shards, i -> shards.get(i).forward(0, null));
        for (int number = 0; number < last; number++) {
            SyncBatchNorm.Affine affine = norms.get(number).batch(ofShards);
            int unit = number + 1;
            ofShards = each(shards, i -> shards.get(i).forward(unit, affine));
        }
        SyncBatchNorm.Affine affine = norms.get(last).batch(ofShards);
        List<float[]> means = norms.stream().map(SyncBatchNorm::mean).toList();
        threads.run(shards.size(), i -> shards.get(i).headAndLoss(affine, labels.get(i), batch, parameters, means));
        return means;
    }

    private void backward(List<Shard> shards, List<float[]> means) {
        for (int number = units.size() - 1; number >= 0; number--) {
            int unit = number;
            List<ChannelSums> ofShards = shards.stream().flatMap(shard -> shard.sumsOfGradient(unit).stream()).toList();
            SyncBatchNorm.Backward norm = norms.get(number).backward(ofShards);
            threads.run(shards.size(), i -> shards.get(i).backward(unit, norm, means));
        }
        // In the order of the shards, whichever was ready first.
        gradients.subList(1, shards.size()).forEach(gradients.get(0)::addi);
        sumOfHead(shards);
    }

    /** Runs a task for each shard; returns what they return, in their order. */
    private List<ChannelSums> each(List<Shard> shards, IntFunction<List<ChannelSums>> task) {
        List<List<ChannelSums>> found = new ArrayList<>(Collections.nCopies(shards.size(), null));
        threads.run(shards.size(), i -> found.set(i, task.apply(i)));
        return found.stream().flatMap(List::stream).toList();
    }

    private static NDArray sum(List<Shard> shards, Function<HeadLoss, NDArray> part, NDManager manager) {
        NDArray sum = part.apply(shards.get(0).headLoss());
        sum.attach(manager);
        shards.stream().skip(1).forEach(shard -> sum.addi(part.apply(shard.headLoss())));
        return sum;
    }

    private void sumOfHead(List<Shard> shards) {
        plan.head().tensors().forEach(name -> sums.get(name).subi(sums.get(name)));
        shards.stream().map(shard -> shard.headLoss().gradients()).forEach(ofShard -> ofShard.forEach((name, gradient) -> {
            sums.get(name).addi(gradient);
            gradient.close();
        }));
    }

    /** Divides a batch as evenly as it goes; some threads have nothing to do where there are fewer images. */
    private static NDList split(NDArray batch) {
        long size = batch.getShape().get(0);
        int parts = (int) Math.min(ThreadTeam.THREADS, size);
        return parts == 1 ? new NDList(batch.duplicate()) : batch.split(IntStream.range(1, parts).mapToLong(i -> size * i / parts).toArray());
    }

    @Override
    public NDArray gradients() {
        return gradients.get(0);
    }

    @Override
    public EngineMode mode() {
        return singleThreaded();
    }

    /** Leaves libtorch and oneDNN the calling thread alone: others would get in the way of the team's. */
    static EngineMode singleThreaded() {
        return EngineMode.singleThreaded(OneDnn::threads, OneDnn::setThreads);
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("this network was closed");
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        threads.close();
        workspaces.forEach(Workspace::close);
    }
}
