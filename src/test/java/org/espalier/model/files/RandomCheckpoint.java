package org.espalier.model.files;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.math3.random.RandomGenerator;
import org.espalier.model.Architecture;
import org.espalier.model.Network;
import org.espalier.model.Tensor;
import org.espalier.model.families.CifarResNet;
import org.espalier.model.families.Shortcut;
import org.espalier.model.files.TorchFile.Foreign;
import org.espalier.model.files.TorchFile.Global;
import org.espalier.model.files.TorchFile.Negated;
import org.espalier.model.files.TorchFile.Opcodes;
import org.espalier.model.files.TorchFile.Transposed;
import org.espalier.model.files.TorchFile.Typed;
import org.espalier.model.files.TorchFile.Whole;
import org.espalier.model.loading.LoadOptions;

/**
 * A file around a random small network: by other names, with prefixes, wrapped, among inert values, sometimes with one thing in it that has to be
 * refused, sometimes damaged.
 *
 * @param expected what has to be loaded where anything is
 * @param right    whether {@code expected} is what the file says: it has to be loaded
 * @param wrong    what is wrong with it: it has to be refused; null where nothing is
 * @param numbers  whether damage may have changed numbers in a way that nothing can notice
 */
record RandomCheckpoint(byte[] bytes, Network expected, LoadOptions options, boolean right, String wrong, boolean numbers) {
    private static final String[] OTHERS = {"vgg-bn-11", "vgg-bn-13 layout=slimming channels=1", "imagenet-vgg-11 classes=2", "imagenet-vgg-11 norm=batch classes=3",
        "densenet-7", "preresnet-11", "cifar-bottleneck-8", "resnet-18 classes=4", "resnet-50 cardinality=2 width=2 classes=3"};
    private static final String[] WRAPPERS = {"module.", "_orig_mod.", "model.", "net.", "network.", "backbone."};
    private static final String[] FOREIGN = {"posix system", "os system", "builtins eval", "__builtin__ exec", "subprocess Popen", "java.lang ProcessBuilder",
        "java.io File", "org.espalier.model.files.CheckpointFuzzTest$Canary <init>", "org.espalier.model.files CheckpointFuzzTest$Canary",
        "argparse Namespace", "__main__ AverageMeter", "torch.optim.lr_scheduler OneCycleLR", "numpy.core.multiarray _reconstruct", "torch.nn Linear"};

    static RandomCheckpoint of(RandomGenerator random) throws IOException {
        return new Making(random).make();
    }

    private static final class Making {
        private final RandomGenerator random;
        private final Network network;
        private LoadOptions options = LoadOptions.none();
        private String wrong;

        Making(RandomGenerator random) {
            this.random = random;
            int stem = 1 + random.nextInt(2);
            int second = stem + random.nextInt(2);
            List<Integer> inner = List.of(1 + random.nextInt(3), 1 + random.nextInt(3), 1 + random.nextInt(3));
            Shortcut shortcut = Shortcut.values()[random.nextInt(2)];
            Architecture drawn = new CifarResNet(8, List.of(stem, second, second + random.nextInt(2)), inner, 1 + random.nextInt(3), 1 + random.nextInt(3), shortcut);
            if (random.nextInt(3) == 0) {
                drawn = narrow(Architecture.parse(OTHERS[random.nextInt(OTHERS.length)]));
            }
            network = Assembled.network(drawn, random.nextLong());
        }

        private Architecture narrow(Architecture wide) {
            // Groups of one channel would make a convolution depthwise, another network; and a ResNeXt's width is read off its first block.
            int least = wide.text().contains("cardinality") ? 2 : 1;
            Map<String, Integer> widths = new LinkedHashMap<>();
            wide.groups().forEach(group -> widths.put(group.name(), least + random.nextInt(2)));
            widths.computeIfPresent("layer1.0.conv1", (name, width) -> least == 2 ? 2 : width);
            return wide.resized(widths);
        }

        RandomCheckpoint make() throws IOException {
            Map<String, Object> weights = named();
            if (random.nextInt(4) == 0) {
                spoil(weights);
            }
            if (network.architecture() instanceof CifarResNet net) {
                options = options.with(net.shortcut());
            }
            int format = random.nextInt(8);
            if (format == 0) {
                return safetensors(weights);
            }
            Object root = wrapped(dressed(weights));
            String between = random.nextInt(3) == 0 ? new String[] {"N0", ")0", "(K\u00011", "cposix\nsystem\n0", "N200"}[random.nextInt(5)] : "";
            byte[] bytes = format < 3 ? TorchFile.legacy(root) : TorchFile.zip(root, between);
            if (random.nextInt(2) == 0) {
                return done(bytes, wrong == null, false);
            }
            if (format < 3) {
                return done(damaged(bytes, bytes.length), false, true);
            }
            if (random.nextBoolean()) {
                return done(damaged(bytes, bytes.length), false, false);
            }
            // A damaged pickle with the right checksum.
            byte[] pickle = TorchFile.pickle(root);
            return done(Assembled.zip(Map.of("a/data.pkl", damaged(pickle, pickle.length), "a/data/0", new byte[256])), false, true);
        }

        private RandomCheckpoint done(byte[] bytes, boolean right, boolean numbers) {
            return new RandomCheckpoint(bytes, network, options, right, right || numbers ? null : wrong, numbers);
        }

        /** Numbers as plain tensors, negative views, transposed, with attributes; heads by several names; prefixes, counters, masks. */
        private Map<String, Object> named() {
            Map<String, Object> named = new LinkedHashMap<>();
            String last = network.architecture().graph().output().name();
            String head = last.equals("classifier.6") ? last : new String[] {"linear", "fc", "classifier", "head.1"}[random.nextInt(4)];
            StringBuilder prefix = new StringBuilder();
            while (random.nextInt(3) == 0) {
                prefix.append(WRAPPERS[random.nextInt(WRAPPERS.length)]);
            }
            boolean mixed = random.nextInt(5) == 0;
            boolean counters = random.nextBoolean();
            network.weights().tensors().forEach((own, tensor) -> {
                String name = prefix + (mixed && random.nextBoolean() ? WRAPPERS[random.nextInt(WRAPPERS.length)] : "") + own.replaceFirst("^" + last + "(?=\\.)", head);
                if (random.nextInt(20) == 0) {
                    float[] ones = Tensor.filled(1, tensor.shape()).values();
                    named.put(name + "_mask", Tensor.of(ones, tensor.shape()));
                    named.put(name + "_orig", stored(tensor));
                } else {
                    named.put(name, stored(tensor));
                }
                if (counters && own.endsWith("running_var")) {
                    named.put(name.replace("running_var", "num_batches_tracked"), new Whole(random.nextInt()));
                }
            });
            if (random.nextInt(5) == 0) {
                named.put("n_averaged", new Whole(3));
                named.put(prefix + "layer1.0.total_ops", Tensor.filled(1, 1));
            }
            return named;
        }

        private Object stored(Tensor tensor) {
            return switch (random.nextInt(8)) {
                case 0 -> new Negated(tensor);
                case 1 -> new Transposed(tensor);
                case 2 -> new Typed(tensor, new Global("torch.nn.parameter", "Parameter"));
                default -> tensor;
            };
        }

        private void spoil(Map<String, Object> weights) {
            List<String> names = new ArrayList<>(weights.keySet());
            names.removeIf(name -> name.matches(".*(num_batches_tracked|n_averaged|total_ops|_mask|_orig)"));
            String name = names.get(random.nextInt(names.size()));
            Object old = weights.get(name);
            Tensor tensor = old instanceof Tensor plain ? plain : Tensor.filled(1, 1);
            switch (random.nextInt(7)) {
                case 0 -> weights.put(name, foreign());
                case 1 -> weights.put(name, new Typed(tensor, new Global("evil", "Tensor")));
                case 2 -> weights.remove(name);
                case 3 -> weights.put("layer1.0.more", Tensor.filled(1, 1));
                case 4 -> weights.put(name, new Whole(1, 2));
                case 5 -> weights.put(name, Tensor.filled(0, 5, 1));
                default -> {
                    float[] values = tensor.values();
                    values[random.nextInt(values.length)] = random.nextBoolean() ? Float.NaN : Float.NEGATIVE_INFINITY;
                    weights.put(name, Tensor.of(values, tensor.shape()));
                }
            }
            wrong = name;
        }

        private Object dressed(Map<String, Object> weights) {
            return random.nextBoolean() ? weights : new Foreign("collections", "OrderedDict", List.of(pairs(weights)), null);
        }

        private static List<Object[]> pairs(Map<String, Object> weights) {
            return weights.entrySet().stream().map(entry -> new Object[] {entry.getKey(), entry.getValue()}).toList();
        }

        private Object wrapped(Object stateDict) {
            Object root = stateDict;
            List<String> path = new ArrayList<>();
            for (int depth = random.nextInt(4); depth > 0; depth--) {
                Map<Object, Object> outer = new LinkedHashMap<>();
                for (int i = random.nextInt(4); i > 0; i--) {
                    outer.put(random.nextBoolean() ? "beside" + i : random.nextDouble(), junk(3));
                }
                String key = new String[] {"state_dict", "model", "net", "ema", "weights", "best"}[random.nextInt(6)];
                outer.put(key, root);
                path.add(0, key);
                for (int i = random.nextInt(3); i > 0; i--) {
                    outer.put("behind" + i, junk(3));
                }
                root = outer;
            }
            if (!path.isEmpty() && random.nextInt(6) == 0) {
                // A second network makes it ambiguous, unless the call says which.
                ((Map<Object, Object>) castMap(root)).put("another", otherNetwork());
                if (random.nextBoolean()) {
                    LoadOptions entry = LoadOptions.entry(path.toArray(String[]::new));
                    options = options.shortcut().map(entry::with).orElse(entry);
                } else if (wrong == null) {
                    wrong = "two state dicts";
                }
            }
            return root;
        }

        @SuppressWarnings("unchecked")
        private static Map<Object, Object> castMap(Object map) {
            return (Map<Object, Object>) map;
        }

        private Object otherNetwork() {
            Map<String, Object> other = new LinkedHashMap<>();
            network.weights().tensors().forEach((name, tensor) -> other.put(name, Tensor.filled(7, tensor.shape())));
            return other;
        }

        private Object junk(int depth) {
            return switch (random.nextInt(depth > 0 ? 14 : 7)) {
                case 0 -> random.nextInt();
                case 1 -> random.nextGaussian();
                case 2 -> "text" + random.nextInt(10);
                case 3 -> null;
                case 4 -> random.nextBoolean();
                case 5 -> Tensor.filled(3, 1 + random.nextInt(3));
                case 6 -> new Opcodes(new String[] {"\u008f", "F0.5\n", "I01\n", "L123L\n", "(K\u0001K\u0002l", "(i__main__\nOld\n", "N20", "U\u0001x",
                    "\u008a\u0001\u0080", "cposix\nsystem\n", "(K\u0001\u0091", "c__main__\nKeywords\n)}\u0092"}[random.nextInt(12)]);
                case 7, 8 -> foreign();
                case 9 -> new Object[] {junk(depth - 1), junk(depth - 1)};
                case 10 -> Arrays.asList(junk(depth - 1), junk(depth - 1), junk(depth - 1));
                case 11 -> Map.of("momentum_buffer", Tensor.filled(2, 2));
                default -> {
                    Map<Object, Object> map = new LinkedHashMap<>();
                    map.put("a", junk(depth - 1));
                    map.put(random.nextInt(), junk(depth - 1));
                    yield map;
                }
            };
        }

        private Foreign foreign() {
            String[] name = FOREIGN[random.nextInt(FOREIGN.length)].split(" ");
            return new Foreign(name[0], name[1], random.nextBoolean() ? List.of("touch /tmp/espalier-was-here") : List.of(),
                    random.nextBoolean() ? null : Map.of("field", 1));
        }

        private byte[] damaged(byte[] bytes, int region) {
            byte[] damaged = bytes.clone();
            for (int i = random.nextInt(4); i >= 0; i--) {
                int at = random.nextInt(region);
                switch (random.nextInt(4)) {
                    case 0 -> damaged[at] ^= (byte) (1 << random.nextInt(8));
                    case 1 -> damaged[at] = (byte) random.nextInt(256);
                    case 2 -> damaged[at] = (byte) "()0123.]}NKRtbcQuse\u0081\u0085\u0093".charAt(random.nextInt(22));
                    default -> System.arraycopy(bytes, random.nextInt(bytes.length - 8), damaged, Math.min(at, bytes.length - 8), 8);
                }
            }
            return random.nextInt(8) == 0 ? Arrays.copyOf(damaged, random.nextInt(damaged.length)) : damaged;
        }

        private RandomCheckpoint safetensors(Map<String, Object> weights) throws IOException {
            Map<String, Tensor> tensors = new LinkedHashMap<>();
            List<String> unfit = new ArrayList<>();
            weights.forEach((name, value) -> {
                Tensor tensor = value instanceof Tensor plain ? plain : value instanceof Negated negated ? negated.tensor()
                        : value instanceof Transposed transposed ? transposed.tensor() : value instanceof Typed typed
                        && !typed.type().module().equals("evil") ? typed.tensor() : null;
                if (tensor != null) {
                    tensors.put(name, tensor);
                } else if (!name.matches(".*(num_batches_tracked|n_averaged)")) {
                    unfit.add(name);
                }
            });
            Map<String, String> metadata = switch (random.nextInt(4)) {
                case 0 -> Map.of("architecture", network.architecture().text());
                case 1 -> Map.of("architecture", "resnet20", "format", "pt");
                case 2 -> Map.of("names", "[[[", "cfg", "x");
                default -> Map.of();
            };
            byte[] bytes = Safetensors.write(tensors, metadata);
            wrong = unfit.isEmpty() ? wrong : unfit.get(0);
            if (random.nextBoolean()) {
                return done(bytes, wrong == null, false);
            }
            int header = 8 + (bytes[0] & 0xff | (bytes[1] & 0xff) << 8 | (bytes[2] & 0xff) << 16);
            // Two names may have been exchanged for one another, which nothing can notice.
            return done(damaged(bytes, header), false, true);
        }
    }
}
