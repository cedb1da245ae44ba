package org.espalier.study.sweep;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import org.espalier.model.Architecture;
import org.espalier.model.Names;
import org.espalier.model.Network;
import org.espalier.model.Tensor;
import org.espalier.model.Weights;
import org.espalier.model.channels.Kept;
import org.espalier.model.files.Checkpoint;
import org.espalier.model.loading.Metadata;
import org.espalier.train.Evaluation;
import org.espalier.train.TrainingState;

/** A training between two epochs, in a safetensors file. */
final class StateFile {
    private static final String NOW = "now.";
    private static final String BEST = "best.";
    private static final String BUFFERS = "buffers.";
    private static final String HOOKS = "hooks.";

    private StateFile() {
    }

    /** @param identity what has to be the same where the training goes on: the spec, device, threads, layout */
    static void write(TrainingState state, String identity, Path file) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        state.network().weights().tensors().forEach((name, tensor) -> tensors.put(NOW + name, tensor));
        state.best().weights().tensors().forEach((name, tensor) -> tensors.put(BEST + name, tensor));
        state.buffers().tensors().forEach((name, tensor) -> tensors.put(BUFFERS + name, tensor));
        state.hooks().tensors().forEach((name, tensor) -> tensors.put(HOOKS + name, tensor));
        Map<String, String> texts = new LinkedHashMap<>();
        texts.put("identity", identity);
        texts.put("architecture", state.network().architecture().text());
        if (!state.network().names().foreign().isEmpty()) {
            texts.put("names", Metadata.text(state.network().names()));
        }
        texts.put("kept", Metadata.text(state.network().kept()));
        texts.put("correct", "" + state.before().correct());
        texts.put("images", "" + state.before().images());
        state.before().correctOfFive().ifPresent(five -> texts.put("correctOfFive", "" + five));
        texts.put("loss", "" + state.before().loss());
        texts.put("previousRate", "" + state.previousRate());
        texts.put("history", History.text(state.history()));
        new Checkpoint(new Weights(tensors), texts).write(file);
    }

    /**
     * @throws IllegalArgumentException when the file is damaged, or of another training
     */
    static TrainingState read(Path file, String identity) {
        Checkpoint checkpoint = Checkpoint.read(file);
        Map<String, String> texts = checkpoint.metadata();
        if (!identity.equals(texts.get("identity"))) {
            throw new IllegalArgumentException(file + " is a checkpoint of " + texts.get("identity") + ", not of " + identity);
        }
        Architecture architecture = Architecture.parse(text(texts, "architecture"));
        Names names = Metadata.names(texts.getOrDefault("names", "{}")).orElse(Names.OWN);
        Kept kept = Metadata.kept(texts.getOrDefault("kept", "{}"), architecture);
        Weights tensors = checkpoint.weights();
        return new TrainingState(new Network(architecture, tensors.under(NOW), names, kept), new Network(architecture, tensors.under(BEST), names, kept),
                new Evaluation(Integer.parseInt(text(texts, "correct")), texts.containsKey("correctOfFive")
                        ? OptionalInt.of(Integer.parseInt(text(texts, "correctOfFive"))) : OptionalInt.empty(), Integer.parseInt(text(texts, "images")),
                        Double.parseDouble(text(texts, "loss"))),
                tensors.under(BUFFERS), Double.parseDouble(text(texts, "previousRate")), History.parse(text(texts, "history")),
                tensors.under(HOOKS));
    }

    private static String text(Map<String, String> texts, String name) {
        String text = texts.get(name);
        if (text == null) {
            throw new IllegalArgumentException("a checkpoint without '" + name + "'");
        }
        return text;
    }
}
