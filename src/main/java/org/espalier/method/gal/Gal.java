package org.espalier.method.gal;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.espalier.method.Method;
import org.espalier.method.MethodContext;
import org.espalier.method.MethodResult;
import org.espalier.model.Architecture;
import org.espalier.model.Network;
import org.espalier.model.Tensor;
import org.espalier.model.Weights;
import org.espalier.model.channels.ChannelRemoval;
import org.espalier.prune.Criterion;
import org.espalier.prune.Plan;
import org.espalier.text.CanonicalText;
import org.espalier.train.Run;

/**
 * GAL: removes whole residual blocks, whose shortcuts stay; of a network without any, such as VGG, channels of each layer, the hidden one included
 * (Lin et al., "Towards Optimal Structured CNN Pruning via Generative Adversarial Learning", 2019, and their code). A mask scales what each block,
 * or each channel behind its ReLU, puts out. A copy of the network, the masks included, is trained without labels so that its logits are close to
 * the original's and a discriminator takes them for these, while lambda |m| draws the masks to zero.
 *
 * <p>As in their code: masks are drawn from N(0, 1), negative ones too, which the first step sets to zero; the discriminator is linear throughout
 * and its sigmoid is applied twice; the original's batch norm computes by the batch's statistics; lambda acts in the gradient and in the
 * soft-thresholding; masks move once an epoch, by the gradient of a single mini-batch; FISTA never restarts; a layer that would lose all channels
 * keeps the first. Unlike there, the last weights are taken and not the best on the test set; the discriminator's biases begin at zero; and the
 * masks that stay are multiplied into their batch norms before the retraining, which is the function that they had.
 *
 * <p>A negative mask isn't lost by the first step: the second adds 0.28 of the way that it was moved up, by FISTA's momentum. How many of what was
 * removed began with a negative mask is among the result's remarks. The plan is {@code found}.
 *
 * @param epochs    100 there, 25 at a quarter; the rate is 0.01, a tenth of it after 30 %, 60 % and 90 %
 * @param mu        of the squared distance of logits: 1 for ResNet-56, 0.1 for VGG
 * @param lambda    of the masks' l1 norm: 0.6 for ResNet-56, 0.001 for VGG
 * @param as        their code, or what the paper means
 * @param masks     how they are drawn
 * @param maskSteps an epoch
 */
public record Gal(int epochs, double mu, double lambda, As as, Masks masks, int maskSteps) implements Method {

    /** Whose training it is. */
    public enum As {
        /** The code's. */
        CODE,
        /** The paper's: the sigmoid is applied once, lambda acts in the soft-thresholding only, the original is evaluated by its running statistics. */
        PAPER
    }

    /** The initial masks. */
    public enum Masks {
        /** From N(0, 1). */
        GAUSSIAN,
        /** The magnitudes of the same numbers, so that no sign decides. */
        POSITIVE
    }

    public Gal {
        if (epochs < 1 || !(mu >= 0 && mu < 1e6) || !(lambda >= 0 && lambda < 1e6) || maskSteps < 1) {
            throw new IllegalArgumentException("GAL trains for at least 1 epoch, with mu and lambda of at least 0 and at least 1 step of the masks an epoch, not "
                    + epochs + ", " + mu + ", " + lambda + " and " + maskSteps);
        }
    }

    /** As the authors' code does it. */
    public Gal(int epochs, double mu, double lambda) {
        this(epochs, mu, lambda, As.CODE, Masks.GAUSSIAN, 1);
    }

    /** Reads what {@link #text} wrote. */
    public static Gal parse(CanonicalText fields) {
        return new Gal(fields.number("epochs", 25), fields.real("mu", 1), fields.real("lambda", .6), fields.choice("as", As.class, As.CODE),
                fields.choice("masks", Masks.class, Masks.GAUSSIAN), fields.number("maskSteps", 1));
    }

    @Override
    public void check(Plan plan, Criterion criterion) {
        Method.requireFound("gal", plan, criterion);
    }

    @Override
    public MethodResult run(MethodContext context) {
        check(context.plan(), context.criterion());
        Architecture architecture = context.original().architecture();
        List<GalMask> places = GalMask.of(architecture);
        Run run = context.trainer().train(epochs, left -> GalTraining.of(this, context, places, left));
        boolean[] gone = gone(run.network(), places);
        String what = architecture.blocks().isEmpty() ? "channels" : "blocks";
        int count = (int) IntStream.range(0, gone.length).filter(i -> gone[i]).count();
        if (count == gone.length) {
            throw new IllegalStateException("the masks of all " + gone.length + " " + what + " of " + architecture.text() + " vanished under " + text()
                    + "; a lower lambda leaves some");
        }
        float[] initial = GalNetworks.initialMasks(this, context.recipe().seed(), gone.length);
        long negative = IntStream.range(0, gone.length).filter(i -> gone[i] && initial[i] < 0).count();
        List<String> remarks = new ArrayList<>(List.of("gal removed " + count + " of " + gone.length + " " + what + "; the initial masks of " + negative
                + " of these were negative" + (negative > 0 ? ", by chance alone" : "")));
        return new MethodResult(architecture.blocks().isEmpty() ? withoutChannels(run.network(), places, gone, remarks) : withoutBlocks(run.network(), places, gone),
                List.of(), List.of(run), remarks);
    }

    /** For each mask, whether its batch norm was multiplied by zero. */
    private static boolean[] gone(Network network, List<GalMask> places) {
        boolean[] gone = new boolean[places.stream().mapToInt(GalMask::size).sum()];
        int i = 0;
        for (GalMask place : places) {
            Tensor gamma = network.weights().get(place.norm() + ".weight");
            Tensor beta = network.weights().get(place.norm() + ".bias");
            int channels = gamma.size() / place.size();
            for (int mask = 0; mask < place.size(); mask++) {
                gone[i++] = IntStream.range(mask * channels, (mask + 1) * channels).allMatch(c -> gamma.at(c) == 0 && beta.at(c) == 0);
            }
        }
        return gone;
    }

    static Network withoutBlocks(Network network, List<GalMask> places, boolean[] gone) {
        Set<String> names = new LinkedHashSet<>(IntStream.range(0, gone.length).filter(i -> gone[i]).mapToObj(i -> places.get(i).name()).toList());
        Architecture left = network.architecture().without(names);
        Map<String, Tensor> tensors = new LinkedHashMap<>(network.weights().tensors());
        tensors.keySet().retainAll(left.shapes().keySet());
        return new Network(left, new Weights(tensors), network.names(), network.kept().renamed(network.architecture(), left));
    }

    private static Network withoutChannels(Network network, List<GalMask> places, boolean[] gone, List<String> remarks) {
        Map<String, int[]> kept = new LinkedHashMap<>();
        int from = 0;
        for (GalMask place : places) {
            int first = from;
            kept.put(place.name(), IntStream.range(0, place.size()).filter(i -> !gone[first + i]).toArray());
            from += place.size();
        }
        List<String> least = kept.entrySet().stream().filter(entry -> entry.getValue().length == 1).map(Map.Entry::getKey).toList();
        if (!least.isEmpty()) {
            remarks.add("a single channel is left in " + String.join(", ", least) + ": a layer that would lose all keeps its first");
        }
        return ChannelRemoval.keep(network, kept);
    }

    /** The network with masks in its batch norms. Where all masks of a layer are zero, that of its first channel counts as 1. */
    static Network folded(Network network, List<GalMask> places, float[] masks) {
        Map<String, Tensor> tensors = new LinkedHashMap<>(network.weights().tensors());
        int from = 0;
        for (GalMask place : places) {
            int first = from;
            boolean isEmptied = place.size() > 1 && IntStream.range(0, place.size()).allMatch(i -> masks[first + i] <= 0);
            for (String name : List.of(place.norm() + ".weight", place.norm() + ".bias")) {
                float[] values = tensors.get(name).values();
                int channels = values.length / place.size();
                for (int c = 0; c < values.length; c++) {
                    values[c] *= isEmptied && c == 0 ? 1 : Math.max(0, masks[first + c / channels]);
                }
                tensors.put(name, Tensor.of(values, values.length));
            }
            from += place.size();
        }
        return network.with(new Weights(tensors));
    }

    @Override
    public String text() {
        return new CanonicalText("gal").add("epochs", epochs, 25).add("mu", mu, 1.).add("lambda", lambda, .6).add("as", as, As.CODE)
                .add("masks", masks, Masks.GAUSSIAN).add("maskSteps", maskSteps, 1).toString();
    }
}
