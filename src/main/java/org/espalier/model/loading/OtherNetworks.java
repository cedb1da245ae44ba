package org.espalier.model.loading;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.espalier.model.families.Architectures;
import org.espalier.text.Quoted;

/** Says of networks that no recogniser knows what they probably are, by the names that well-known code gives their layers. */
final class OtherNetworks {
    private static final String LOADABLE = "; what can be loaded are the networks of " + String.join(", ", Architectures.names())
            + ", by the names of torchvision and of well-known CIFAR code (conv1, bn1, layer1.0.conv1 ... layer3.N.bn2, linear or fc)";
    /** What networks with so many convolutions are called, whether they have three linear layers or one. */
    private static final Map<Long, Long> VGG = Map.of(8L, 11L, 10L, 13L, 13L, 16L, 16L, 19L);
    private static final Map<String, String> KINDS = new LinkedHashMap<>();

    static {
        KINDS.put("dense_?(block)?\\d\\.(denselayer)?\\d+\\.", "a DenseNet");
        KINDS.put("(inception\\w{0,9}|(^|\\.)[ab][345])\\.(b[1-4]|branch)", "a GoogLeNet or another Inception network");
        KINDS.put("patch_embed|cls_token|\\.attn\\.|self_attn", "a transformer");
        KINDS.put("conv_dw|depthwise|(^|\\.)layers\\.\\d+\\.conv[12]\\.|features\\.\\d+\\.conv\\.\\d", "a MobileNet or another network of depthwise "
                + "convolutions");
    }

    private OtherNetworks() {
    }

    static String described(Clues clues) {
        Set<String> names = clues.shapes().keySet();
        long convolutions = clues.shapes().values().stream().filter(shape -> shape.length == 4).count();
        long matrices = clues.shapes().values().stream().filter(shape -> shape.length == 2).count();
        if (names.stream().anyMatch(name -> name.matches("(.*\\.)?features?\\.\\d+\\.weight"))) {
            boolean biases = clues.shapes().entrySet().stream().filter(tensor -> tensor.getValue().length == 4)
                    .anyMatch(tensor -> names.contains(tensor.getKey().replaceFirst("weight$", "bias")));
            return "it is a VGG-" + VGG.getOrDefault(convolutions, convolutions + matrices) + " (" + convolutions + " convolutions " + (biases ? "with" : "without") + " biases, "
                    + matrices + " linear layer" + (matrices == 1 ? "" : "s") + ", " + (names.stream().anyMatch(name -> name.endsWith("running_mean"))
                    ? "with" : "without") + " batch norm), which is none of the kinds that can be loaded" + LOADABLE;
        }
        for (var kind : KINDS.entrySet()) {
            Pattern pattern = Pattern.compile(kind.getKey());
            if (names.stream().limit(1000).anyMatch(name -> pattern.matcher(name).find())) {
                return "it seems to be " + kind.getValue() + " (" + clues.found() + ")" + LOADABLE;
            }
        }
        List<String> beginnings = names.stream().map(name -> name.substring(0, name.indexOf('.') + 1)).distinct().toList();
        boolean several = beginnings.size() > 1 && beginnings.size() < 20 && beginnings.stream().allMatch(start -> !start.isEmpty()
                && names.stream().filter(name -> name.startsWith(start)).anyMatch(name -> name.contains("layer1.")));
        return several ? "it holds " + beginnings.size() + " networks, whose names begin with " + beginnings.stream().limit(5).map(Quoted::name)
                .collect(Collectors.joining(", ")) + "; say which, for instance with loadResNet(file, entry(\""
                + beginnings.get(0).replaceAll("[\\p{C}.]", "") + "\"))"
                : "its names are those of no network that is known here (found were " + clues.found() + ")" + LOADABLE;
    }
}
