package org.espalier.study.sweep;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.espalier.model.Architecture;
import org.espalier.model.Names;
import org.espalier.model.Network;
import org.espalier.model.Tensor;
import org.espalier.model.Weights;
import org.espalier.model.channels.Kept;
import org.espalier.model.files.Checkpoint;
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
            texts.put("names", state.network().names().text());
        }
        texts.put("kept", state.network().kept().text());
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
        Names names = Names.parse(texts.getOrDefault("names", "{}")).orElse(Names.OWN);
        Kept kept = Kept.parse(texts.getOrDefault("kept", "{}"), architecture);
        return new TrainingState(new Network(architecture, part(checkpoint, NOW), names, kept), new Network(architecture, part(checkpoint, BEST), names, kept),
                new Evaluation(Integer.parseInt(text(texts, "correct")), texts.containsKey("correctOfFive")
                        ? OptionalInt.of(Integer.parseInt(text(texts, "correctOfFive"))) : OptionalInt.empty(), Integer.parseInt(text(texts, "images")),
                        Double.parseDouble(text(texts, "loss"))),
                part(checkpoint, BUFFERS), Double.parseDouble(text(texts, "previousRate")), History.parse(text(texts, "history")),
                part(checkpoint, HOOKS));
    }

    private static Weights part(Checkpoint checkpoint, String prefix) {
        return new Weights(checkpoint.weights().tensors().entrySet().stream().filter(tensor -> tensor.getKey().startsWith(prefix))
                .collect(Collectors.toMap(tensor -> tensor.getKey().substring(prefix.length()),
                        Map.Entry::getValue, (a, b) -> a, LinkedHashMap::new)));
    }

    private static String text(Map<String, String> texts, String name) {
        String text = texts.get(name);
        if (text == null) {
            throw new IllegalArgumentException("a checkpoint without '" + name + "'");
        }
        return text;
    }
}
