package org.espalier.train.hooks;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.function.BiConsumer;
import org.espalier.engine.DeviceNetwork;
import org.espalier.model.Tensor;
import org.espalier.model.Weights;
import org.espalier.train.Budget;

/** Calls the hooks of a training in their order, and says which one failed, and where. */
public final class Hooks {
    private final List<TrainingHook> hooks;
    private final TrainingContext context;

    public Hooks(List<TrainingHook> hooks, DeviceNetwork live, Budget budget) {
        this.hooks = hooks;
        context = new TrainingContext(live, budget);
    }

    public void beforeUpdate(long step) {
        call(step, true, TrainingHook::beforeUpdate);
    }

    public void afterStep(long step) {
        call(step, false, TrainingHook::afterStep);
    }

    public void afterEpoch(long lastStep) {
        call(lastStep, false, TrainingHook::afterEpoch);
    }

    private void call(long step, boolean beforeUpdate, BiConsumer<TrainingHook, TrainingContext> event) {
        if (hooks.isEmpty()) {
            return;
        }
        context.at(step, beforeUpdate);
        for (TrainingHook hook : hooks) {
            try {
                event.accept(hook, context);
            } catch (CancellationException e) {
                throw e;
            } catch (RuntimeException e) {
                throw new IllegalStateException("the training hook " + hook.label() + " failed in epoch " + (context.epoch() + 1) + ", step "
                        + (step % context.budget().stepsPerEpoch() + 1) + ": " + (e.getMessage() == null ? e : e.getMessage()), e);
            }
        }
    }

    /** What all hooks keep: {@code 0.name} is a tensor of the first one. */
    public Weights state() {
        Map<String, Tensor> all = new LinkedHashMap<>();
        for (int i = 0; i < hooks.size(); i++) {
            String prefix = i + ".";
            hooks.get(i).state().forEach((name, tensor) -> all.put(prefix + name, tensor));
        }
        return new Weights(all);
    }

    /** @throws IllegalArgumentException when there is state of a hook that this training doesn't have */
    public void restore(Weights state) {
        state.tensors().keySet().forEach(name -> {
            if (Integer.parseInt(name.substring(0, name.indexOf('.'))) >= hooks.size()) {
                throw new IllegalArgumentException("there is a state of a hook, '" + name + "', but this training has " + hooks.size()
                        + " hooks: a training goes on with the hooks that it began with");
            }
        });
        for (int i = 0; i < hooks.size(); i++) {
            hooks.get(i).restore(state.under(i + ".").tensors());
        }
    }
}
