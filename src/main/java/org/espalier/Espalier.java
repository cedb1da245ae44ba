package org.espalier;

import ai.djl.Model;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.espalier.data.Dataset;
import org.espalier.engine.NetworkBlock;
import org.espalier.method.Method;
import org.espalier.method.MethodContext;
import org.espalier.method.MethodResult;
import org.espalier.model.Architecture;
import org.espalier.model.Initial;
import org.espalier.model.Network;
import org.espalier.model.families.CifarResNet;
import org.espalier.model.families.Shortcut;
import org.espalier.model.families.Vgg;
import org.espalier.model.loading.LoadOptions;
import org.espalier.model.loading.Networks;
import org.espalier.prune.Calibration;
import org.espalier.prune.Criterion;
import org.espalier.prune.Plan;
import org.espalier.prune.Pruning;
import org.espalier.prune.criteria.L1Norm;
import org.espalier.prune.criteria.RandomScore;
import org.espalier.prune.plans.TargetPlan;
import org.espalier.prune.plans.UniformPlan;
import org.espalier.report.Watching;
import org.espalier.train.Evaluation;
import org.espalier.train.Recipe;
import org.espalier.train.Run;
import org.espalier.train.Schedule;
import org.espalier.train.TrainingSetup;
import org.espalier.train.hooks.TrainingHook;

/**
 * The verbs: {@code import static org.espalier.Espalier.*}. Here stand those of networks, pruning and training; it brings along those of
 * {@link DataVerbs data}, of {@link org.espalier.report.StudyVerbs tables, figures and studies} and of
 * {@link org.espalier.train.schedules.ScheduleVerbs schedules}. Each is a line or two that calls the room where the work is done; everything can be
 * done without it.
 */
public final class Espalier extends DataVerbs {
    private Espalier() {
    }

    // Networks

    /** A new ResNet of this depth (6n+2) that fits the data, with initial weights drawn from the seed. */
    public static Network resNet(int depth, Dataset data, long seed) {
        return Initial.network(CifarResNet.dense(depth, List.of(16, 32, 64), data.train().channels(), data.train().classes().size(),
                Shortcut.SUBSAMPLE), seed);
    }

    /** With the seed 1. */
    public static Network resNet(int depth, Dataset data) {
        return resNet(depth, data, 1);
    }

    /** Any new network by its text, such as {@code network("mobilenet-v2 classes=10", 1)}, with initial weights drawn from the seed. */
    public static Network network(String text, long seed) {
        return Initial.network(Architecture.parse(text), seed);
    }

    /** Every value that has a canonical text can be read from it, for instance {@code architecture("cifar-resnet-20 classes=100")}. */
    public static Architecture architecture(String text) {
        return Architecture.parse(text);
    }

    /** A new VGG-16 with batch norm that fits the data. */
    public static Network vgg16(Dataset data, long seed) {
        return Initial.network(Vgg.of(data.train().classes().size()).withChannels(data.train().channels()), seed);
    }

    /** A ResNet from a PyTorch checkpoint or a safetensors file; depth, widths and classes are read off it. */
    public static Network loadResNet(Path file) {
        return loadResNet(file, LoadOptions.none());
    }

    /** The same where the file doesn't tell what the shortcuts between stages compute. */
    public static Network loadResNet(Path file, Shortcut shortcut) {
        return loadResNet(file, LoadOptions.none().with(shortcut));
    }

    /** The same where the file leaves more open: {@code loadResNet(file, entry("ema"))}. */
    public static Network loadResNet(Path file, LoadOptions options) {
        Network network = Networks.load(file, options);
        if (!network.architecture().blocks().isEmpty()) {
            return network;
        }
        throw new IllegalArgumentException(file + " holds " + network.architecture().text() + ", which is no ResNet; load(path) takes any");
    }

    /** Any network that {@link #save} wrote, and PyTorch's ResNets. */
    public static Network load(Path file) {
        return Networks.load(file);
    }

    /** The same with one of several state dicts: {@code load(file, entry("ema"))}. */
    public static Network load(Path file, LoadOptions options) {
        return Networks.load(file, options);
    }

    /** The state dict under this entry of a file, or under these, from the outermost on. */
    public static LoadOptions entry(String... keys) {
        return LoadOptions.entry(keys);
    }

    /**
     * As safetensors, which the {@code load_state_dict} of the PyTorch class that the network came from takes as it is; as ONNX, which runs
     * everywhere, where the file's name ends in {@code .onnx}.
     */
    public static void save(Network network, Path file) {
        Networks.save(network, file);
    }

    /** For DJL's {@code Predictor} and whatever serves its models: images [N, C, H, W] in, logits [N, classes] out. Close it when done. */
    public static Model model(Network network) {
        return NetworkBlock.model(network);
    }

    // Pruning

    /** Every plan of the paper's code by name, such as R56-B, R110-D, VGG-A, R34-B, R50-GAL0.5; R20-A to R20-D beside them; uniform(0.5). */
    public static Plan plan(String text) {
        return Plan.parse(text);
    }

    /** The same ratio of filters, in [0, 1), removed from every layer that can be pruned. */
    public static Plan uniform(double ratio) {
        return new UniformPlan(ratio);
    }

    /** As many channels removed, the same ratio everywhere, as leave at most this fraction of the multiply-adds; {@code toMacs(.5).globally()}. */
    public static TargetPlan toMacs(double fraction) {
        return TargetPlan.of(TargetPlan.Cost.MACS, fraction);
    }

    /** The same for parameters. */
    public static TargetPlan toParameters(double fraction) {
        return TargetPlan.of(TargetPlan.Cost.PARAMETERS, fraction);
    }

    /** The filters with the smallest l1 norms removed; {@code network} itself is unchanged. */
    public static Network pruneL1(Network network, Plan plan) {
        return prune(network, plan, new L1Norm());
    }

    /** As many filters removed, but whichever the seed says; those that stay keep their trained weights. */
    public static Network pruneRandom(Network network, Plan plan, long seed) {
        return prune(network, plan, new RandomScore(seed));
    }

    /** The filters that the criterion scores lowest removed, within each layer; {@code network} itself is unchanged. */
    public static Network prune(Network network, Plan plan, Criterion criterion) {
        return Pruning.prune(network, plan, criterion);
    }

    /** The same by a criterion that looks at data, such as taylor or hrank: at 5 mini-batches of 128 training images, drawn with the seed 1. */
    public static Network prune(Network network, Plan plan, Criterion criterion, Dataset data) {
        return Pruning.prune(network, plan, criterion, Calibration.of(network, data, 1));
    }

    /** A method by its text, such as {@code method("slimming ratio=0.4")}; an unknown name is answered by those known. */
    public static Method method(String text) {
        return Method.parse(text);
    }

    /**
     * Pruned by a method that may train in between, with the usual recipe. What comes out is retrained with its hooks:
     * {@code retrain(result.network(), clr(), epochs(40), data, recipe(), result.hooks().toArray(TrainingHook[]::new))}.
     */
    public static MethodResult prune(Network network, Plan plan, Dataset data, Method method) {
        return method.run(new MethodContext(network, plan, new L1Norm(), clr(), data, recipe(), Watching::train));
    }

    /** Which channels of the original network are left, by the name of the layer that puts them out, through all rounds, files and retraining. */
    public static Map<String, List<Integer>> kept(Network network) {
        Map<String, List<Integer>> kept = new LinkedHashMap<>();
        network.architecture().prunable().forEach(group -> kept.put(group.name(), network.kept().of(group)));
        return kept;
    }

    // Training

    /** SGD, batches of 64, padded crops and flips, weight decay 1e-4. */
    public static Recipe recipe() {
        return Recipe.ofPaper();
    }

    /** With the usual recipe. */
    public static Run retrain(Network network, Schedule schedule, int epochs, Dataset data) {
        return retrain(network, schedule, epochs, data, recipe());
    }

    /**
     * Trains the network on, showing how far it is; {@code network} itself is unchanged, and what came of it is {@code run.network()}. Interrupted, it
     * gives the epochs that were done, if any was.
     *
     * @param hooks look at gradients and weights between steps and epochs, and change them
     * @throws java.util.concurrent.CancellationException when it is interrupted within the first epoch
     * @throws IllegalArgumentException when the data doesn't fit the network
     * @throws IllegalStateException when the loss stops being a number
     */
    public static Run retrain(Network network, Schedule schedule, int epochs, Dataset data, Recipe recipe, TrainingHook... hooks) {
        return Watching.trainAsFarAsItGets(TrainingSetup.of(network, schedule, epochs, data, recipe).withHooks(hooks));
    }

    /** The original training: from initial weights, with the rate dropping at half and at three quarters of the epochs. */
    public static Run train(Network network, int epochs, Dataset data) {
        return train(network, epochs, data, recipe());
    }

    /** The same with a recipe of one's own, such as {@code recipe().withBatch(128)}. */
    public static Run train(Network network, int epochs, Dataset data, Recipe recipe) {
        return retrain(network, original(epochs), epochs, data, recipe);
    }

    /** The share of the test images that the network gets right, 0 to 1. */
    public static double accuracy(Network network, Dataset data) {
        return evaluate(network, data).accuracy();
    }

    /** On the test split: how many are right, and the mean cross-entropy. */
    public static Evaluation evaluate(Network network, Dataset data) {
        return Evaluation.of(network, data);
    }
}
