package org.espalier.model.files;

import static org.espalier.model.files.Assembled.file;
import static org.espalier.model.files.Assembled.network;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.espalier.model.Tensor;
import org.espalier.model.Weights;
import org.espalier.model.families.CifarResNet;
import org.espalier.model.families.Shortcut;
import org.espalier.model.files.TorchFile.Foreign;
import org.espalier.model.files.TorchFile.Global;
import org.espalier.model.files.TorchFile.Negated;
import org.espalier.model.files.TorchFile.Opcodes;
import org.espalier.model.files.TorchFile.Transposed;
import org.espalier.model.files.TorchFile.Typed;
import org.espalier.model.files.TorchFile.Whole;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Good weights among whatever else training scripts save. */
class BesideWeightsTest {
    private static final Weights WEIGHTS = network(CifarResNet.dense(8, List.of(2, 2, 3), 1, 2, Shortcut.SUBSAMPLE), 3).weights();

    @TempDir
    Path folder;

    /** Schedulers, arguments, arrays, sets, paths, classes of one's own, random state. */
    static List<Object> others() {
        List<Object> others = new ArrayList<>(List.of(7, 0.5, true, "text", List.of(1, 2.5), new Object[] {1, "a"}, Map.of(0.1, 91.0),
                new Foreign("argparse", "Namespace", List.of(), Map.of("lr", 0.1)),
                new Foreign("pathlib", "PosixPath", List.of("/", "data"), null),
                new Foreign("__builtin__", "set", List.of(List.of(1, 2)), null),
                new Foreign("numpy._core.multiarray", "_reconstruct", List.of(new Global("numpy", "ndarray"), new Object[] {0}, "b"),
                        new Object[] {1, new Object[] {5}, new Foreign("numpy", "dtype", List.of("f8", false, true), null), false, "bytes"}),
                new Foreign("__builtin__", "getattr", List.of(new Global("torch.optim.lr_scheduler", "OneCycleLR"), "_annealing_cos"), null),
                new Foreign("torch.torch_version", "TorchVersion", List.of("2.13.0+cpu"), null),
                new Foreign("__main__", "AverageMeter", List.of(), Map.of("sum", 3)),
                new Foreign("collections", "defaultdict", List.of(new Global("__builtin__", "list")), null),
                new Opcodes("\u008f(K\u0001K\u0002\u0090"), new Opcodes("(K\u0001\u0091"), new Opcodes("(i__main__\nOld\n"), new Opcodes("(c__main__\nOld\no"),
                new Opcodes("F0.5\n"), new Opcodes("I01\n"), new Opcodes("L123L\n"), new Opcodes("(K\u0001K\u0002l"), new Opcodes("(K\u0001K\u0002d"),
                new Opcodes("c__main__\nKeywords\n)}\u0092"), new Opcodes("N20"), new Opcodes("}(K\u0001K\u0002\u0086NNK\u0003u"),
                new Opcodes("ctorch._utils\n_rebuild_tensor_v2\n((X\u0007\u0000\u0000\u0000storagectorch\nNewStorage\nX\u0001\u0000\u0000\u0000zNK\u0001tQ"
                        + "K\u0000K\u0001\u0085K\u0001\u0085\u0089}tR")));
        others.add(null);
        return others;
    }

    @Test
    void whateverLiesBesideTheWeightsDoesNotMatter() throws IOException {
        for (Object other : others()) {
            Map<String, Object> root = new LinkedHashMap<>();
            root.put("before", other);
            root.put("state_dict", WEIGHTS);
            root.put("behind", List.of(Map.of("deep", other == null ? 0 : other)));
            assertEquals(WEIGHTS, read(TorchFile.zip(root)), "" + other);
            assertEquals(WEIGHTS, read(TorchFile.legacy(root)), "" + other);
        }
    }

    @Test
    void aForeignObjectAmongTheWeightsIsRefusedByItsName() throws IOException {
        for (String name : List.of("layer1.0.conv1.weight", "more.of.them")) {
            Map<String, Object> weights = new LinkedHashMap<>(WEIGHTS.tensors());
            weights.put(name, new Foreign("posix", "system", List.of("id"), null));
            assertRefused(TorchFile.zip(weights), "its entry '" + name + "' is no tensor; its pickle asks for 'posix.system', which is refused");
            assertRefused(TorchFile.zip(Map.of("state_dict", weights)), "'posix.system', which is refused");
        }
        Map<String, Object> weights = new LinkedHashMap<>(WEIGHTS.tensors());
        weights.put("linear.weight", new Typed(WEIGHTS.get("linear.weight"), new Global("evil", "Tensor")));
        assertRefused(TorchFile.zip(weights), "a tensor of the class 'evil.Tensor', which is refused");
    }

    @Test
    void plainValuesAmongTheWeightsAreLeftOut() throws IOException {
        Map<String, Object> weights = new LinkedHashMap<>(WEIGHTS.tensors());
        weights.put("epoch", 5);
        weights.put("args", new Foreign("argparse", "Namespace", List.of(), Map.of()));
        weights.put("quant._extra_state", null);
        assertEquals(WEIGHTS, read(TorchFile.zip(weights)));
    }

    @Test
    void theOnlyStateDictIsFoundWhereverItLies() throws IOException {
        assertEquals(WEIGHTS, read(TorchFile.zip(Map.of("ema", WEIGHTS, "epoch", 2))));
        assertEquals(WEIGHTS, read(TorchFile.zip(Map.of("model", Map.of("state_dict", WEIGHTS), "epoch", 2))));
        assertEquals(WEIGHTS, read(TorchFile.zip(List.of(3, WEIGHTS))));
        assertEquals(WEIGHTS, read(TorchFile.legacy(new Object[] {WEIGHTS, "resnet"})));
        Map<String, Object> buffers = Map.of("state", Map.of(0, Map.of("momentum_buffer", Tensor.filled(1, 2))));
        assertEquals(WEIGHTS, read(TorchFile.zip(Map.of("w", WEIGHTS, "optimizer", buffers))));
    }

    @Test
    void masksBesideAWholeStateDictAreNoSecondOne() throws IOException {
        assertEquals(WEIGHTS, read(TorchFile.zip(Map.of("masks", Map.of("conv1.weight", Tensor.filled(1, 2, 1, 3, 3)), "net", WEIGHTS))));
    }

    @Test
    void ofSeveralStateDictsACallPicksOne() throws IOException {
        Weights other = WEIGHTS.with(Map.of("bn1.bias", Tensor.of(new float[] {5, 6}, 2)));
        Map<String, Object> root = new LinkedHashMap<>();
        root.put("state_dict", WEIGHTS);
        root.put("average", Map.of("model", other));
        Path file = file(folder, TorchFile.zip(root));
        var error = assertThrows(IllegalArgumentException.class, () -> Checkpoint.read(file));
        assertTrue(error.getMessage().contains("it holds 2 state dicts: 'state_dict', 'average' > 'model'; say which, for instance with "
                + "loadResNet(file, entry(\"state_dict\"))"), error.getMessage());
        assertEquals(WEIGHTS, Checkpoint.read(file, List.of("state_dict")).weights());
        assertEquals(other, Checkpoint.read(file, List.of("average", "model")).weights());
        var absent = assertThrows(IllegalArgumentException.class, () -> Checkpoint.read(file, List.of("ema")));
        assertTrue(absent.getMessage().contains("it has no entry 'ema'; its state dicts are 'state_dict', 'average' > 'model'"), absent.getMessage());
    }

    @Test
    void aPrefixOfNamesCanBePicked() throws IOException {
        Map<String, Object> both = new LinkedHashMap<>();
        Map<String, Tensor> plain = new LinkedHashMap<>();
        WEIGHTS.tensors().forEach((name, tensor) -> {
            both.put("student." + name, tensor);
            both.put("teacher." + name, Tensor.filled(0, tensor.shape()));
            plain.put("student." + name, tensor);
        });
        assertEquals(WEIGHTS, Checkpoint.read(file(folder, TorchFile.zip(Map.of("state_dict", both))), List.of("student")).weights());
        assertEquals(WEIGHTS, Checkpoint.read(file(folder, Safetensors.write(plain, Map.of())), List.of("student")).weights());
    }

    @Test
    void prefixesOfWrappersAndCountersAreTakenAway() throws IOException {
        for (String prefix : List.of("module.", "_orig_mod.", "model.", "net.", "backbone.", "module._orig_mod.", "_orig_mod.module.", "model.net.module.")) {
            Map<String, Object> weights = new LinkedHashMap<>(Map.of("n_averaged", new Whole(3)));
            WEIGHTS.tensors().forEach((name, tensor) -> weights.put(prefix + name, tensor));
            weights.put(prefix + "bn1.num_batches_tracked", new Whole(9));
            weights.put(prefix + "conv1.total_ops", Tensor.filled(2, 1));
            weights.put(prefix + "total_params", Tensor.filled(2, 1));
            assertEquals(WEIGHTS, read(TorchFile.zip(weights)), prefix);
        }
    }

    @Test
    void aPrefixInTheMiddleIsTakenAwayToo() throws IOException {
        Map<String, Object> weights = new LinkedHashMap<>();
        WEIGHTS.tensors().forEach((name, tensor) -> weights.put(name.replace("layer1.", "layer1.module."), tensor));
        assertEquals(WEIGHTS, read(TorchFile.zip(weights)));
        weights.put("module.bn1.weight", Tensor.filled(1, 2));
        assertRefused(TorchFile.zip(weights), "two of its tensors are called 'bn1.weight' once the prefixes of wrappers are taken away");
    }

    @Test
    void masksAreMultiplied() throws IOException {
        Map<String, Object> weights = new LinkedHashMap<>(WEIGHTS.tensors());
        Tensor whole = Tensor.of(new float[] {3, 4, 5, 6, 7, 8}, 2, 3);
        weights.remove("linear.weight");
        weights.put("linear.weight_orig", whole);
        weights.put("linear.weight_mask", Tensor.of(new float[] {1, 0, 1, 1, 0, 1}, 2, 3));
        assertEquals(Tensor.of(new float[] {3, 0, 5, 6, 0, 8}, 2, 3), read(TorchFile.zip(weights)).get("linear.weight"));
        weights.put("linear.weight", whole);
        assertRefused(TorchFile.zip(weights), "it has both 'linear.weight' and what that is made of");
        weights.remove("linear.weight");
        weights.put("linear.weight_mask", Tensor.filled(1, 3, 2));
        assertRefused(TorchFile.zip(weights), "has the shape [2, 3], its mask [3, 2]");
    }

    @Test
    void negativeViewsAndTransposedOnesAndParametersAreRead() throws IOException {
        Map<String, Object> weights = new LinkedHashMap<>(WEIGHTS.tensors());
        weights.put("conv1.weight", new Negated(WEIGHTS.get("conv1.weight")));
        weights.put("linear.weight", new Transposed(WEIGHTS.get("linear.weight")));
        weights.put("bn1.bias", new Typed(WEIGHTS.get("bn1.bias"), new Global("torch.nn.parameter", "Parameter")));
        assertEquals(WEIGHTS, read(TorchFile.zip(weights)));
        assertEquals(WEIGHTS, read(TorchFile.legacy(weights)));
    }

    @Test
    void aWholeModuleIsRefusedWithThePythonThatFreesItsWeights() throws IOException {
        Foreign module = Foreign.module("nets", "Res", WEIGHTS.tensors());
        Path file = file(folder, TorchFile.zip(module));
        assertRefused(TorchFile.zip(module), "it holds a whole module of the class 'nets.Res'");
        assertRefused(TorchFile.zip(module), "module = torch.load(\"" + file + "\", map_location=\"cpu\", weights_only=False)\n");
        assertRefused(TorchFile.zip(Map.of("net", module, "acc", 3)), "weights_only=False)[\"net\"]\n    torch.save(module.state_dict(), \"weights.pth\")");
    }

    @Test
    void aSingleTensorIsNoNetwork() throws IOException {
        assertRefused(TorchFile.zip(Tensor.filled(1, 2, 3)), "it holds a single tensor of shape [2, 3]");
    }

    @Test
    void anOptimizersStateIsNoNetwork() throws IOException {
        assertRefused(TorchFile.zip(Map.of("state", Map.of(0, Map.of("momentum_buffer", Tensor.filled(1, 2))), "param_groups", List.of())),
                "it holds an optimizer's state");
    }

    @Test
    void textsBesideTheWeightsAreKept() throws IOException {
        Map<String, Object> root = new LinkedHashMap<>();
        root.put("cfg", List.of(1, "M", 2));
        root.put("state_dict", WEIGHTS);
        root.put("optimizer", Map.of());
        root.put("best_prec1", Tensor.filled(1, 1));
        assertEquals(Map.of("cfg", "[1, M, 2]", "optimizer", "a dict", "best_prec1", "a tensor"), Checkpoint.read(file(folder, TorchFile.zip(root))).metadata());
    }

    private Weights read(byte[] bytes) throws IOException {
        return Checkpoint.read(file(folder, bytes)).weights();
    }

    private void assertRefused(byte[] bytes, String reason) throws IOException {
        Path file = file(folder, bytes);
        var error = assertThrows(IllegalArgumentException.class, () -> Checkpoint.read(file));
        assertTrue(error.getMessage().contains(file.toString()) && error.getMessage().contains(reason), error.getMessage());
    }
}
