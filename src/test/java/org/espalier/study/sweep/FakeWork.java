package org.espalier.study.sweep;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.UUID;
import java.util.function.DoubleConsumer;
import java.util.stream.LongStream;
import org.espalier.study.Fixtures;
import org.espalier.study.Grid;
import org.espalier.study.Result;
import org.espalier.study.store.Store;

/** Work that leaves every trace of real work, and takes a moment; and what some criteria make of it. */
record FakeWork(Store store, long millis) implements JobRunner {
    static final Grid GRID = Grid.of("sample", "cifar-resnet-8").original(8).plans("uniform(0.5)").criteria("l1", "random")
            .schedules("ft", "clr").budgets(2, 4).seeds(1, 2, 3);

    @Override
    public List<Result> run(Job job, DoubleConsumer progress) throws InterruptedException {
        try {
            write(store.folder().resolve("log").resolve(job.key() + "." + UUID.randomUUID()));
            for (int i = 0; i < 4; i++) {
                Thread.sleep(millis / 4);
                write(store.checkpoint(job.key()));
                progress.accept((i + 1) / 4.);
            }
            switch (job.longest().criterion()) {
                case "die" -> Runtime.getRuntime().halt(9);
                case "fail" -> throw new IllegalArgumentException("asked to fail");
                case "prattle" -> System.out.println("libraries print what they like");
                case "hang" -> Thread.sleep(600_000);
                default -> {
                }
            }
            write(store.history(job.longest().id()));
            if (job.longest().isOriginal()) {
                write(store.network(job.longest()));
            }
            return job.specs().stream().map(Fixtures::result).toList();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void write(Path file) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, "");
    }

    /** A worker process. */
    static final class Main {
        public static void main(String[] args) throws InterruptedException {
            if (args[1].equals("unfit")) {
                Worker.serve(() -> {
                    throw new UnfitMachineException("no natives here", null);
                });
            }
            Store store = Store.open(Path.of(args[0]));
            Worker.serve(() -> new FakeWork(store, Long.parseLong(args[1])));
        }
    }

    /** A process that sweeps the grid, with so many seeds if a number follows, and says so as soon as it is at work. */
    static final class SweepMain {
        public static void main(String[] args) {
            Store store = Store.open(Path.of(args[0]));
            AtomicBoolean said = new AtomicBoolean();
            int shards = Integer.parseInt(args[3]);
            Grid grid = args.length < 5 ? GRID : GRID.seeds(LongStream.rangeClosed(1, Long.parseLong(args[4])).toArray());
            Sweep.of(grid.specs(), store).shard(Integer.parseInt(args[2]), shards).telling(progress -> {
                if (!progress.running().isEmpty() && said.compareAndSet(false, true)) {
                    System.out.println("begun");
                }
            }).run(new FakeWork(store, Long.parseLong(args[1])));
        }
    }
}
