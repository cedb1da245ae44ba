package org.espalier.model.families;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.espalier.model.Architecture;
import org.espalier.model.channels.DerivedArchitecture;
import org.espalier.text.CanonicalText;
import org.espalier.text.ClassText;

/** The networks that a text can name, a line each. */
public final class Architectures {
    /** Widths of all channel groups, of networks whose own text says nothing of them. */
    public static final String GROUPS = "groups";
    /** Blocks that were removed, their names joined by +. */
    public static final String REMOVED = "removed";

    private static final Map<String, Function<CanonicalText, Architecture>> FAMILIES = new LinkedHashMap<>();

    static {
        FAMILIES.put("cifar-resnet-\\d+", CifarResNet::parse);
        FAMILIES.put("vgg-16", Vgg::parse);
        FAMILIES.put("vgg-19", VggBn::parse);
        FAMILIES.put("vgg-bn-(11|13|16)", VggBn::parse);
        FAMILIES.put("imagenet-vgg-(11|13|16|19)", ImageNetVgg::parse);
        FAMILIES.put("resnet-(18|34|50|101|152)", ResNet::parse);
        FAMILIES.put("mobilenet-v2", MobileNetV2::parse);
        FAMILIES.put("densenet-\\d+", DenseNet::parse);
        FAMILIES.put("preresnet-\\d+", PreResNet::parse);
        FAMILIES.put("cifar-bottleneck-\\d+", CifarBottleneck::parse);
    }

    private Architectures() {
    }

    public static Architecture parse(String text) {
        CanonicalText fields = CanonicalText.parse(text);
        String removed = fields.word(REMOVED, "");
        List<Integer> groups = fields.numbers(GROUPS, List.of());
        Architecture parsed = base(fields);
        if (!removed.isEmpty()) {
            parsed = parsed.without(Set.of(removed.split("\\+")));
        }
        return groups.isEmpty() ? parsed : DerivedArchitecture.of(parsed, groups);
    }

    private static Architecture base(CanonicalText fields) {
        if (ClassText.names(fields.name())) {
            return ClassText.parse(fields.toString(), Architecture.class);
        }
        Function<CanonicalText, Architecture> family = FAMILIES.entrySet().stream().filter(entry -> Pattern.matches(entry.getKey(), fields.name()))
                .map(Map.Entry::getValue).findFirst().orElseThrow(() -> new IllegalArgumentException("'" + fields
                        + "' names no architecture; known are " + String.join(", ", names()) + ", and public records on the class path by their full names"));
        Architecture parsed = family.apply(fields);
        fields.requireNoneLeft();
        return parsed;
    }

    /** Of the first words of the families' texts. */
    public static Set<String> patterns() {
        return FAMILIES.keySet();
    }

    /** As a person reads them: {@code cifar-resnet-N}. */
    public static List<String> names() {
        return FAMILIES.keySet().stream().map(name -> name.replace("\\d+", "N")).toList();
    }
}
