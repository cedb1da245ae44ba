package org.espalier.benchmark;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Contenders that take turns: A B C, A B C, and so on, one working at a time, after a turn of each that doesn't count. */
final class Alternation {
    private Alternation() {
    }

    /**
     * @param seconds  of one unit of work by contender and round
     * @param idleLoad the processor time that those who waited used all the same, over the time that they waited
     * @param others   processors that other work on this machine used meanwhile
     */
    record Outcome(Map<String, Measured> seconds, double idleLoad, double others) {
        Measured of(String contender) {
            Measured measured = seconds.get(contender);
            if (measured == null) {
                throw new IllegalArgumentException("'" + contender + "' wasn't measured; " + seconds.keySet() + " were");
            }
            return measured;
        }

        boolean has(String contender) {
            return seconds.containsKey(contender);
        }
    }

    /** @param processorTime of each side instead of the time on the clock: what others take of a single thread's processor doesn't count */
    static Outcome of(String title, List<Contender> contenders, int rounds, boolean processorTime) {
        Set<Side> sides = new LinkedHashSet<>();
        contenders.forEach(contender -> sides.add(contender.side()));
        Map<String, double[]> seconds = new LinkedHashMap<>();
        contenders.forEach(contender -> seconds.put(contender.name(), new double[rounds]));
        Load load = Load.besides(sides);
        double waited = 0;
        double used = 0;
        for (int round = -1; round < rounds; round++) {
            System.err.printf("  %s: %s%n", title, round < 0 ? "warming up" : "round " + (round + 1) + " of " + rounds);
            for (Contender contender : contenders) {
                List<Side> others = new ArrayList<>(sides);
                others.remove(contender.side());
                double own = contender.side().cpuSeconds();
                double before = others.stream().mapToDouble(Side::cpuSeconds).sum();
                long began = System.nanoTime();
                double turn = contender.turn();
                if (processorTime) {
                    turn *= (contender.side().cpuSeconds() - own) / ((System.nanoTime() - began) / 1e9);
                }
                if (round >= 0) {
                    seconds.get(contender.name())[round] = turn;
                    used += others.stream().mapToDouble(Side::cpuSeconds).sum() - before;
                    waited += others.isEmpty() ? 0 : (System.nanoTime() - began) / 1e9;
                }
            }
        }
        Map<String, Measured> measured = new LinkedHashMap<>();
        seconds.forEach((name, values) -> {
            measured.put(name, new Measured(values));
            System.err.printf(Locale.ROOT, "  %s: %.2f ms%n", name, 1e3 * measured.get(name).median());
        });
        return new Outcome(measured, waited == 0 ? 0 : used / waited, load.processors());
    }
}
