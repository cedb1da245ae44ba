package org.espalier.benchmark;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** PyTorch at the same work. */
final class PeerTraining implements Contender {
    private final String name;
    private final Peer peer;
    private final List<Object> command;
    private final int units;

    private PeerTraining(String name, Peer peer, List<Object> command, int units) {
        this.name = name;
        this.peer = peer;
        this.command = command;
        this.units = units;
    }

    /** Seconds of a turn are those of a step, on a batch that stands ready. */
    static PeerTraining steps(Peer peer, Workload work, String layout, Path folder) {
        String name = name(peer, work, layout);
        open(peer, name, work, layout, folder);
        return new PeerTraining(name, peer, List.of("steps", name, work.steps()), work.steps());
    }

    /** Seconds of a turn are those of an epoch, by a loader with worker processes. */
    static PeerTraining epoch(Peer peer, Workload work, String layout, int workers, Path folder) {
        String name = name(peer, work, layout);
        open(peer, name, work, layout, folder);
        return new PeerTraining(name, peer, List.of("epoch", name, workers), 1);
    }

    /** Seconds of a turn are those of a batch, which stands ready, in evaluation mode. */
    static PeerTraining evaluation(Peer peer, Workload work, String layout, Path folder) {
        String name = name(peer, work, layout);
        open(peer, name, work, layout, folder);
        return new PeerTraining(name, peer, List.of("evaluate", name, work.steps()), work.steps());
    }

    static String name(Peer peer, Workload work, String layout) {
        return work.name() + " PyTorch " + layout + (peer.label().isEmpty() ? "" : ", " + peer.label());
    }

    private static void open(Peer peer, String name, Workload work, String layout, Path folder) {
        Path data = work.write(folder).toAbsolutePath();
        peer.ask("open", name, data.resolveSibling(work.name() + ".graph"), data.resolveSibling(work.name() + ".safetensors"), data, work.side(),
                work.batch(), layout);
    }

    /** The losses of so many steps on the first batch, from the weights that it was opened with. */
    double[] losses(double rate, int steps) {
        return Arrays.stream(peer.ask("losses", name, rate, steps).split(" ")).mapToDouble(Double::parseDouble).toArray();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Side side() {
        return peer;
    }

    @Override
    public double turn() {
        return Double.parseDouble(peer.ask(command.toArray())) / units;
    }

    @Override
    public void close() {
        peer.ask("close", name);
    }
}
