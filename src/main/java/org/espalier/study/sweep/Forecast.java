package org.espalier.study.sweep;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.espalier.data.Dataset;
import org.espalier.method.Method;
import org.espalier.method.MethodContext;
import org.espalier.method.MethodResult;
import org.espalier.method.Trainer;
import org.espalier.model.Architecture;
import org.espalier.model.FeatureMap;
import org.espalier.model.Initial;
import org.espalier.model.Network;
import org.espalier.prune.Criterion;
import org.espalier.prune.Plan;
import org.espalier.prune.plans.FoundPlan;
import org.espalier.study.Spec;
import org.espalier.train.Recipe;
import org.espalier.train.Schedule;
import org.espalier.train.Training;
import org.espalier.train.hooks.TrainingHook;
import org.espalier.train.TrainingSetup;
import org.espalier.train.schedules.StepDecay;

/**
 * What a grid takes: its trainings, their epochs and multiply-adds, memory and disk by arithmetic; and time, from a few steps of each kind of
 * training that are done here on {@link StandIn noise}.
 *
 * @param work      kinds of trainings, those of methods' own among them
 * @param originals original networks, each trained once
 */
public record Forecast(List<Work> work, int jobs, int originals, long originalBytes) {
    private static final int FLOAT = 4;
    /** Multiply-adds of a step's forward pass that a CPU is asked for where it is only timed. */
    private static final double MOST_MACS = 2e10;
    private static final double MOST_MACS_TRIED = 2e9;

    /**
     * Trainings that cost the same an epoch.
     *
     * @param network the text of what is trained
     * @param upTo    whether the dense network's cost stands for widths that only the run finds
     * @param images  of the training set
     */
    public record Work(String network, String data, String recipe, boolean upTo, int trainings, long epochs, long images) {

        private Architecture architecture() {
            return Architecture.parse(network);
        }

        private int batch() {
            return Recipe.parse(recipe, 1).batch();
        }

        /** Multiply-adds of one image's forward pass times epochs. */
        public double macEpochs() {
            return (double) macs() * epochs;
        }

        private long macs() {
            return architecture().macs();
        }

        /** At the least: weights, gradients, momenta and the best network yet; what a batch's backward pass keeps; the images, but for a stream. */
        public long memory() {
            FeatureMap image = architecture().image();
            long kept = architecture().graph().shapes(image).values().stream().mapToLong(map -> (long) map.channels() * map.pixels()).sum();
            return FLOAT * (4 * architecture().parameters() + batch() * kept) + (data.startsWith("stream") ? 0 : images * image.channels() * image.pixels());
        }

        private long memoryOfWeights() {
            return 3 * FLOAT * architecture().parameters();
        }

        /**
         * Seconds for all epochs, one training after the other, from some steps done here. A step whose batch would take a CPU too long is done with fewer
         * images.
         *
         * @param folder for a stream's stand-in
         */
        public double seconds(int steps, Machine machine, Path folder) {
            int batch = batchHere(batch(), macs(), MOST_MACS, machine);
            Dataset noise = StandIn.of(data, architecture(), steps * batch, folder);
            Recipe smaller = Recipe.parse(recipe, 1).withBatch(batch);
            TrainingSetup setup = new TrainingSetup(Initial.network(architecture(), 1), StepDecay.cifar(2), 2, noise, smaller, machine.device(),
                    machine.execution(architecture()), List.of());
            try (Training training = Training.start(setup).evaluating(epoch -> false)) {
                // The first epoch warms up.
                training.nextEpoch();
                return training.nextEpoch().seconds() / (steps * batch) * images * epochs;
            }
        }
    }

    /** On a CPU, a batch of large images would take too long for a look. */
    private static int batchHere(int batch, long macs, double most, Machine machine) {
        return machine.device().isGpu() ? batch : (int) Math.max(2, Math.min(batch, most / macs));
    }

    public Forecast {
        work = List.copyOf(work);
    }

    /** @param images how many training images a data set has, by its name */
    public static Forecast of(List<Spec> specs, ToLongFunction<String> images) {
        Map<Work, long[]> sums = new LinkedHashMap<>();
        List<Job> jobs = Job.of(specs);
        long bytes = 0;
        int originals = 0;
        for (Job job : jobs) {
            Spec spec = job.longest();
            Architecture dense = Architecture.parse(spec.network());
            if (spec.isOriginal()) {
                originals++;
                bytes += FLOAT * dense.parameters();
                if (spec.weights().isEmpty()) {
                    add(sums, spec, dense, false, ((StepDecay) Schedule.parse(spec.original())).epochs(), images);
                }
                continue;
            }
            Plan plan = Plan.parse(spec.plan());
            Method.parse(spec.method()).phases(dense, plan).forEach(phase -> add(sums, spec, phase.architecture(), false, phase.epochs(), images));
            boolean unknown = plan instanceof FoundPlan || plan.needsScores();
            add(sums, spec, unknown ? dense : dense.withWidths(plan.kept(dense)), unknown, spec.epochs(), images);
        }
        List<Work> work = new ArrayList<>();
        sums.forEach((kind, sum) -> work.add(new Work(kind.network, kind.data, kind.recipe, kind.upTo, (int) sum[0], sum[1], kind.images)));
        return new Forecast(work, jobs.size() - originals, originals, bytes);
    }

    private static void add(Map<Work, long[]> sums, Spec spec, Architecture trained, boolean upTo, long epochs, ToLongFunction<String> images) {
        long[] sum = sums.computeIfAbsent(new Work(trained.text(), spec.data(), spec.recipe(), upTo, 0, 0, images.applyAsLong(spec.data())), kind -> new long[2]);
        sum[0]++;
        sum[1] += epochs;
    }

    /** Of original networks, and of the checkpoint of each run that is under way. */
    public long disk(int runs) {
        long largest = work.stream().mapToLong(Work::memoryOfWeights).max().orElse(0);
        return originalBytes + runs * largest;
    }

    /**
     * The first steps of every job that differs in what it does, through the job's own method, criterion, plan and schedule, on noise and from initial
     * weights. A method's own trainings end after one epoch of so many steps. Jobs that differ in seeds and budgets only are one; on a CPU, steps are
     * done with fewer images.
     *
     * @throws RuntimeException what the first job that fails throws, with the job's text
     */
    public static int tryJobs(List<Spec> specs, int steps, Machine machine, Path folder) {
        List<Spec> distinct = Job.of(specs).stream().map(Job::longest).map(spec -> spec.with("seed", 1).with("originalSeed", 1)).collect(Collectors.toMap(
                spec -> spec.isOriginal() ? spec : spec.with("epochs", 1), spec -> spec, (first, again) -> first, LinkedHashMap::new)).values().stream().toList();
        for (Spec spec : distinct) {
            try {
                tryJob(spec, steps, machine, folder);
            } catch (RuntimeException e) {
                throw new IllegalStateException("the first " + steps + " steps of " + spec + " fail: " + e.getMessage(), e);
            }
        }
        return distinct.size();
    }

    private static void tryJob(Spec spec, int steps, Machine machine, Path folder) {
        Network original = Initial.network(Architecture.parse(spec.network()), 1);
        Recipe asked = Recipe.parse(spec.recipe(), 1);
        Recipe recipe = asked.withBatch(batchHere(asked.batch(), original.architecture().macs(), MOST_MACS_TRIED, machine));
        Dataset noise = StandIn.of(spec.data(), original.architecture(), steps * recipe.batch(), folder);
        Trainer brief = setup -> Trainer.PLAIN.train(new TrainingSetup(setup.network(), setup.schedule(), 1, setup.data(), setup.recipe(), machine.device(),
                machine.execution(setup.network().architecture()), setup.hooks()));
        if (spec.isOriginal()) {
            brief.train(TrainingSetup.of(original, Schedule.parse(spec.original()), 1, noise, recipe));
            return;
        }
        Schedule schedule = Schedule.parse(spec.schedule());
        MethodResult left = Method.parse(spec.method()).run(new MethodContext(original, Plan.parse(spec.plan()), Criterion.parse(spec.criterion(), 1), schedule,
                noise, recipe, brief));
        brief.train(TrainingSetup.of(left.network(), schedule.resolve(original, left.network()), 1, noise, recipe).withHooks(left.hooks().toArray(new TrainingHook[0])));
    }
}
