package org.espalier.study.sweep;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.espalier.study.store.Store;

/**
 * Many processes that sweep one store by a stand-in for work, some of them killed at random and started again: how many results a second, and
 * whether each is there once. {@code benchmarks/store-scale} starts it.
 */
final class StoreScale {
    private StoreScale() {
    }

    /** @param args processes, milliseconds of work a job, seeds of the grid, seconds between two kills or 0 for none */
    public static void main(String... args) throws Exception {
        int count = Integer.parseInt(args[0]);
        String millis = args[1];
        String seeds = args[2];
        int killEvery = Integer.parseInt(args[3]);
        Path folder = Files.createTempDirectory("espalier-store-scale");
        List<Process> processes = new ArrayList<>();
        long began = System.nanoTime();
        for (int i = 0; i < count; i++) {
            processes.add(sweep(folder, millis, seeds));
        }
        Random random = new Random(1);
        int killed = 0;
        int before = 0;
        long looked = began;
        Store store = Store.open(folder);
        while (processes.stream().anyMatch(Process::isAlive)) {
            Thread.sleep(killEvery == 0 ? 2000 : 1000L * killEvery);
            if (killEvery > 0) {
                int victim = random.nextInt(count);
                if (processes.get(victim).isAlive()) {
                    processes.get(victim).destroyForcibly().waitFor();
                    killed++;
                    processes.set(victim, sweep(folder, millis, seeds));
                }
            }
            store.refresh();
            int now = store.results().size();
            long nanos = System.nanoTime();
            System.err.printf("%5.1f s: %d results, %.0f a second%n", (nanos - began) / 1e9, now, (now - before) * 1e9 / (nanos - looked));
            before = now;
            looked = nanos;
        }
        Duration all = Duration.ofNanos(System.nanoTime() - began);
        System.out.printf("%d processes, %s ms a job: %d results in %.1f s, %.0f a second; %d killed and started again%n", count, millis, store.results().size(),
                all.toMillis() / 1e3, store.results().size() * 1e3 / all.toMillis(), killed);
        System.out.println(store.remarks().isEmpty() ? "no row is torn or twice" : String.join("\n", store.remarks()));
    }

    private static Process sweep(Path folder, String millis, String seeds) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(ProcessHandle.current().info().command().orElse("java"), "-XX:+UseSerialGC", "-Xmx256m",
                "-XX:TieredStopAtLevel=1", FakeWork.SweepMain.class.getName(), folder.toString(), millis, "0", "1", seeds);
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        return builder.redirectError(ProcessBuilder.Redirect.INHERIT).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
    }
}
