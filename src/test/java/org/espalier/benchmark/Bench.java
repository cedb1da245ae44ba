package org.espalier.benchmark;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.espalier.engine.device.Devices;
import org.espalier.engine.Execution;

/** What the parts of a run share: the machine, the other sides, the report. */
final class Bench implements AutoCloseable {
    /** What the launchers set; the script hands over those that it has set, as NAME=VALUE with blanks between. */
    private static final String SETTINGS = "espalier.benchmark.settings";
    private static final double RATE = 1e-4;
    private static final int STEPS = 4;
    private static final double SAME = 1e-4;
    /** Of what the loss falls by: with batches of 2, PyTorch's ResNet-50 differs by a tenth from itself in another layout. */
    private static final double CLOSE = .2;

    private final Options options;
    private final Report report = new Report();
    private final Machine machine = new Machine();
    private final List<Peer> peers = new ArrayList<>();

    Bench(Options options) {
        this.options = options;
        Map<String, String> without = new LinkedHashMap<>();
        for (String setting : settings().split(" ")) {
            without.put(setting.split("=")[0], null);
        }
        without.remove("");
        options.peer().ifPresent(python -> {
            peers.add(Peer.start("", python, options, without));
            if (!without.isEmpty()) {
                peers.add(Peer.start("our settings", python, options, Map.of()));
            }
        });
    }

    /** Refuses to judge on a machine where others work, unless told to measure {@code --anyway}. */
    void requireQuiet() {
        List<Side> own = new ArrayList<>(peers);
        own.add(Espalier.HERE);
        Load load = Load.besides(own);
        try {
            Thread.sleep(2000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        requireQuiet(load.processors(), "the first two seconds");
    }

    private void requireQuiet(double others, String what) {
        String found = String.format(Locale.ROOT, "%s: others used %.2f of this machine's %d processors", what, others, Load.all());
        if (!Load.isBusy(others)) {
            return;
        }
        if (!options.anyway()) {
            throw new IllegalStateException(found + ", so no times are compared; wait until it is quiet, or measure --anyway, which the tables will say");
        }
        report.say("**Not to be trusted: " + found + (options.processorTime() ? ", so seconds are those of each side's own processor time" : "") + ".**");
    }

    static String settings() {
        return System.getProperty(SETTINGS, "");
    }

    Options options() {
        return options;
    }

    Report report() {
        return report;
    }

    Machine machine() {
        return machine;
    }

    /** As it is where nothing is set; and, if there is any, with the settings that Espalier's launchers make. */
    List<Peer> peers() {
        return peers;
    }

    /** How Espalier executes this network on this device. */
    static Execution rule(Workload work) {
        return Execution.on(Devices.current(), work.network().architecture());
    }

    /** How many steps a turn takes: as many as on a CPU, or so many more that a GPU is busy for as long. */
    int steps(int onCpu) {
        return Devices.current().isGpu() && !options.quick() ? 20 * onCpu : onCpu;
    }

    Path folder() {
        return options.output().resolve("exchange");
    }

    /** Lets them take turns, and closes them. */
    Alternation.Outcome race(Part part, List<Supplier<Contender>> contenders) {
        machine.measure();
        List<Contender> opened = new ArrayList<>();
        try {
            contenders.forEach(contender -> opened.add(contender.get()));
            Alternation.Outcome outcome = Alternation.of(part.toString(), opened, options.rounds(), options.processorTime());
            report.samples(part, outcome);
            requireQuiet(outcome.others(), part.toString());
            return outcome;
        } finally {
            opened.forEach(Contender::close);
            machine.measure();
        }
    }

    /**
     * The same network, batch and rate have to lead to the same losses on both sides, else nothing is worth comparing.
     *
     * @return the contender
     */
    PeerTraining compared(Workload work, PeerTraining theirs) {
        double[] ours = OurTraining.losses(work, rule(work), RATE, STEPS);
        double[] other = theirs.losses(RATE, STEPS);
        double first = Math.abs(ours[0] / other[0] - 1);
        double last = Math.abs((ours[STEPS - 1] - ours[0]) / (other[STEPS - 1] - other[0]) - 1);
        String found = String.format(Locale.ROOT, "%s: loss %.6f, here %.6f; after %d steps %.6f, here %.6f", theirs.name(), other[0], ours[0], STEPS - 1,
                other[STEPS - 1], ours[STEPS - 1]);
        if (!(first <= SAME && last <= CLOSE)) {
            theirs.close();
            throw new IllegalStateException("the two sides don't compute the same, so their times can't be compared: " + found);
        }
        System.err.println("  the same on both sides, " + found);
        return theirs;
    }

    @Override
    public void close() {
        peers.forEach(Peer::close);
    }
}
