package org.espalier.method;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.espalier.model.Architecture;
import org.espalier.model.Network;
import org.espalier.model.Op;
import org.espalier.model.Tensor;
import org.espalier.model.Weights;
import org.espalier.model.channels.ResidualBlock;
import org.espalier.text.CanonicalText;

/**
 * GAL: removes whole residual blocks, whose shortcuts stay (Lin et al., "Towards Optimal Structured CNN Pruning via Generative Adversarial
 * Learning", 2019, and their code). A mask scales what each block adds. A copy of the network, the masks included, is trained without labels so
 * that its logits are close to the original's and a discriminator takes them for these, while lambda |m| draws the masks to zero.
 *
 * <p>As in their code: masks are drawn from N(0, 1), negative ones too, which the first step sets to zero; the discriminator is linear throughout
 * and its sigmoid is applied twice; the original's batch norm computes by the batch's statistics; lambda acts in the gradient and in the
 * soft-thresholding; masks move once an epoch, by the gradient of a single mini-batch. Unlike there, the last weights are taken and not the best on
 * the test set; the discriminator's biases begin at zero; and the masks that stay are multiplied into their batch norms before the retraining, which
 * is the function that they had.
 *
 * <p>A negative mask isn't lost by the first step: the second adds 0.28 of the way that it was moved up, by FISTA's momentum. How many of the
 * removed blocks began with a negative mask is among the result's remarks. A killed run trains again from its beginning, to the same result.
 *
 * <p>The plan is {@code found}. Channel masks, which their VGG and DenseNet have, aren't there: a network needs residual blocks.
 *
 * @param epochs 100 there, 25 at a quarter; the rate is 0.01, a tenth of it after 30 %, 60 % and 90 %
 * @param mu     of the squared distance of logits: 1 for ResNet-56
 * @param lambda of the masks' l1 norm: 0.6 for ResNet-56
 */
public record Gal(int epochs, double mu, double lambda) implements Method {

    public Gal {
        if (epochs < 1 || !(mu >= 0 && mu < 1e6) || !(lambda >= 0 && lambda < 1e6)) {
            throw new IllegalArgumentException("GAL trains for at least 1 epoch, with mu and lambda of at least 0, not " + epochs + ", " + mu + " and " + lambda);
        }
    }

    static Gal parse(CanonicalText fields) {
        return new Gal(fields.number("epochs", 25), fields.real("mu", 1), fields.real("lambda", .6));
    }

    @Override
    public MethodResult run(MethodContext context) {
        context.requireFound("gal");
        Architecture architecture = context.original().architecture();
        List<ResidualBlock> blocks = architecture.blocks();
        if (blocks.isEmpty()) {
            throw new IllegalArgumentException("the method gal removes residual blocks, and " + architecture.text() + " has none");
        }
        List<String> norms = blocks.stream().map(block -> norm(architecture, block)).toList();
        GalTraining.Outcome trained = GalTraining.of(this, context, norms);
        List<Integer> gone = IntStream.range(0, blocks.size()).filter(i -> trained.masks()[i] <= 0).boxed().toList();
        if (gone.size() == blocks.size()) {
            throw new IllegalStateException("the masks of all " + blocks.size() + " blocks of " + architecture.text() + " vanished under " + text()
                    + "; a lower lambda leaves some");
        }
        long negative = gone.stream().filter(i -> trained.initialMasks()[i] < 0).count();
        Set<String> names = new LinkedHashSet<>(gone.stream().map(i -> blocks.get(i).name()).toList());
        return new MethodResult(folded(trained.run().network(), norms, trained.masks(), names), List.of(), List.of(trained.run()),
                List.of("gal removed " + gone.size() + " of " + blocks.size() + " blocks; the initial masks of " + negative
                        + " of these were negative, by chance alone"));
    }

    /** The batch norm that a block's branch ends with, whose output is masked. */
    private static String norm(Architecture architecture, ResidualBlock block) {
        return architecture.graph().node(block.addition()).inputs().stream()
                .filter(input -> block.branch().contains(input) && architecture.graph().node(input).op() instanceof Op.BatchNorm).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("the method gal masks behind the batch norm that ends a block, but " + block + " of "
                        + architecture.text() + " doesn't end with one"));
    }

    /** Without the removed blocks, and with the masks of the others in their batch norms. */
    static Network folded(Network network, List<String> norms, float[] masks, Set<String> removed) {
        Map<String, Tensor> tensors = new LinkedHashMap<>(network.weights().tensors());
        for (int i = 0; i < masks.length; i++) {
            for (String name : List.of(norms.get(i) + ".weight", norms.get(i) + ".bias")) {
                float[] values = tensors.get(name).values();
                for (int k = 0; k < values.length; k++) {
                    values[k] *= masks[i];
                }
                tensors.put(name, Tensor.of(values, values.length));
            }
        }
        Architecture left = network.architecture().without(removed);
        tensors.keySet().retainAll(new ArrayList<>(left.shapes().keySet()));
        return new Network(left, new Weights(tensors), network.names());
    }

    @Override
    public String text() {
        return new CanonicalText("gal").add("epochs", epochs, 25).add("mu", mu, 1.).add("lambda", lambda, .6).toString();
    }
}
