package org.espalier.display;

import java.awt.Color;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The colour names of CSS that plots use. */
final class NamedColors {
    private static final Map<String, Color> COLORS = colors("""
            black 000000 white ffffff red ff0000 green 008000 blue 0000ff yellow ffff00 orange ffa500 purple 800080 gray 808080 grey 808080
            silver c0c0c0 maroon 800000 olive 808000 lime 00ff00 aqua 00ffff cyan 00ffff teal 008080 navy 000080 fuchsia ff00ff magenta ff00ff
            pink ffc0cb brown a52a2a gold ffd700 coral ff7f50 crimson dc143c indigo 4b0082 violet ee82ee salmon fa8072 tomato ff6347
            khaki f0e68c orchid da70d6 plum dda0dd tan d2b48c turquoise 40e0d0 chocolate d2691e firebrick b22222 forestgreen 228b22
            seagreen 2e8b57 steelblue 4682b4 royalblue 4169e1 dodgerblue 1e90ff skyblue 87ceeb lightblue add8e6 lightgray d3d3d3
            lightgrey d3d3d3 lightgreen 90ee90 darkgray a9a9a9 darkgrey a9a9a9 darkblue 00008b darkgreen 006400 darkred 8b0000
            darkorange ff8c00 dimgray 696969 dimgrey 696969 slategray 708090 slategrey 708090 sienna a0522d peru cd853f deeppink ff1493
            hotpink ff69b4 mediumpurple 9370db darkviolet 9400d3 darkcyan 008b8b limegreen 32cd32 midnightblue 191970 rebeccapurple 663399""");

    private NamedColors() { }

    private static Map<String, Color> colors(String text) {
        String[] words = text.split("\\s+");
        Map<String, Color> colors = new HashMap<>();
        for (int i = 0; i < words.length; i += 2) {
            colors.put(words[i], new Color(Integer.parseInt(words[i + 1], 16)));
        }
        return colors;
    }

    static Optional<Color> of(String name) {
        return Optional.ofNullable(COLORS.get(name));
    }
}
