package org.espalier.benchmark;

import java.util.stream.IntStream;
import org.espalier.data.DataLoader;
import org.espalier.data.Images;
import org.espalier.data.Normalisation;
import org.espalier.engine.DeviceNetwork;
import org.espalier.engine.device.Devices;
import org.espalier.train.Evaluation;

/** Espalier's evaluation of a network, batches made of bytes within the time that counts. */
final class OurEvaluation implements Contender {
    private final Workload work;
    private final DeviceNetwork network;
    private final DataLoader images;

    OurEvaluation(Workload work) {
        this.work = work;
        network = DeviceNetwork.on(Devices.current(), work.network(), Bench.rule(work));
        Images all = work.images();
        images = all.select(IntStream.range(0, work.batch() * work.steps()).toArray()).on(network.manager(), Normalisation.CIFAR10, network.execution().layout());
    }

    static String name(Workload work) {
        return work.name() + " Espalier";
    }

    @Override
    public String name() {
        return name(work);
    }

    @Override
    public Side side() {
        return Espalier.HERE;
    }

    /** Seconds for a batch. */
    @Override
    public double turn() {
        long began = System.nanoTime();
        Evaluation.of(network, images);
        return (System.nanoTime() - began) / 1e9 / work.steps();
    }

    @Override
    public void close() {
        images.close();
        network.close();
    }
}
