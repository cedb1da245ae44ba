package org.espalier.model.files;

import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.IntConsumer;
import org.espalier.text.Quoted;

/** The few Python functions that weights are made with, as PyTorch's pickles name them. All others are {@link Inert}. */
final class KnownCalls {
    /** Classes whose objects are what their data are. */
    private static final Set<String> PLAIN_TENSORS = Set.of("torch.Tensor", "torch.nn.parameter.Parameter", "torch.nn.parameter.Buffer");

    private final Map<String, Object> known = new HashMap<>();
    private final IntConsumer work;

    /** A function by its Python name. */
    private record Call(String name, Function<Object[], Object> body) {
    }

    /** @param work is told of every step that a call takes beyond the first */
    KnownCalls(IntConsumer work) {
        this.work = work;
        add("collections.OrderedDict", this::dict);
        add("collections.defaultdict", args -> new LinkedHashMap<>());
        add("torch._utils._rebuild_tensor", PickledTensors::tensor);
        add("torch._utils._rebuild_tensor_v2", PickledTensors::tensor);
        add("torch._utils._rebuild_parameter", args -> args[0]);
        add("torch._utils._rebuild_parameter_with_state", args -> args[0]);
        add("torch._tensor._rebuild_from_type_v2", this::ofType);
        add("torch.Size", args -> args[0]);
        for (ElementType type : ElementType.values()) {
            known.put("torch." + type.storageName, type);
        }
        known.put("torch.storage.UntypedStorage", ElementType.BYTES);
    }

    private void add(String name, Function<Object[], Object> body) {
        known.put(name, new Call(name, body));
    }

    /** What a pickle gets by this name. */
    Object global(String module, String name) {
        String full = module + "." + name;
        Object found = known.get(full);
        return found == null ? Inert.named(full) : found;
    }

    /** What the call returns; where it makes no sense, an inert value that says why. */
    Object call(Object function, Object args) {
        if (function instanceof Inert inert) {
            return inert.made();
        }
        if (!(function instanceof Call call) || !(args instanceof Object[] array)) {
            return Inert.unreadable("a call", "its pickle calls what is no function; " + Checkpoint.DAMAGED);
        }
        try {
            return call.body.apply(array);
        } catch (ClassCastException | ArrayIndexOutOfBoundsException | NullPointerException e) {
            return Inert.unreadable(call.name, Arrays.stream(array).limit(8).filter(Inert.class::isInstance)
                    .map(arg -> ((Inert) arg).refusal()).findFirst().orElse("its pickle calls " + call.name + " with what doesn't fit; " + Checkpoint.DAMAGED));
        } catch (Unreadable e) {
            return Inert.unreadable(call.name, e.getMessage());
        }
    }

    /** Python 2 hands over the pairs; Python 3 fills it afterwards. */
    private Object dict(Object[] args) {
        Map<Object, Object> dict = new LinkedHashMap<>();
        for (Object pair : args.length == 0 ? List.of() : (List<?>) args[0]) {
            work.accept(1);
            List<?> entry = pair instanceof List<?> list ? list : Arrays.asList((Object[]) pair);
            if (entry.size() != 2) {
                throw new Unreadable("its pickle fills a dict with what are no pairs; " + Checkpoint.DAMAGED);
            }
            dict.put(CheckpointUnpickler.key(entry.get(0)), entry.get(1));
        }
        return dict;
    }

    /** function, class, arguments, attributes: how a tensor with attributes of its own is stored. */
    private Object ofType(Object[] args) {
        boolean plain = args[1] instanceof Inert type && PLAIN_TENSORS.contains(type.name());
        return plain && args[0] instanceof Call call && call.name.startsWith("torch._utils.") ? call(call, args[2])
                : Inert.unreadable("a tensor", "its pickle holds a tensor of the class " + Quoted.name(args[1] instanceof Inert type ? type.name() : "?")
                + ", which is refused: plain tensors are all that is read; " + Checkpoint.SAVE_AGAIN);
    }
}
