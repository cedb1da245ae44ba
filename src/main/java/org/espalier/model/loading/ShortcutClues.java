package org.espalier.model.loading;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.espalier.model.families.Shortcut;

/**
 * Decides which parameter-free shortcut a ResNet's file means. The caller's word counts first. The code of the paper, and that of Liu et al.
 * 2019, which it follows, call the last layer {@code fc}, keep the widths under {@code cfg} and average; no other code that we know does all that.
 * Still no file proves it, so that every choice comes with a sentence about it.
 *
 * @param assumed empty where the caller tells
 */
record ShortcutClues(Shortcut shortcut, Optional<String> assumed) {

    static ShortcutClues of(Clues clues, String head, List<Integer> inner) {
        if (clues.shortcut().isPresent() && clues.shortcut().get() == Shortcut.PROJECTION) {
            throw new IllegalArgumentException("its shortcuts have no weights (there is no layer2.0.shortcut.0.weight), so they aren't "
                    + "Shortcut.PROJECTION; load it without one");
        }
        if (clues.shortcut().isPresent()) {
            return new ShortcutClues(clues.shortcut().get(), Optional.empty());
        }
        Map<String, String> beside = clues.beside();
        boolean fc = head.equals("fc");
        String cfg = beside.get("cfg");
        if (fc && cfg != null && fits(cfg, inner)) {
            return assumed(Shortcut.AVERAGE, "with its cfg and fc it looks like the paper's code");
        }
        // The dense networks of that code have no cfg yet, but what its training saves.
        return fc && beside.containsKey("best_prec1") && beside.containsKey("optimizer")
                ? assumed(Shortcut.AVERAGE, "it looks like the paper's code") : assumed(Shortcut.SUBSAMPLE, "as most pretrained files have it");
    }

    private static ShortcutClues assumed(Shortcut shortcut, String why) {
        Shortcut other = shortcut == Shortcut.AVERAGE ? Shortcut.SUBSAMPLE : Shortcut.AVERAGE;
        return new ShortcutClues(shortcut, Optional.of("no file tells the shortcut between stages; assumed is " + meaning(shortcut) + ", " + why
                + "; loadResNet(file, Shortcut." + other + ") takes " + meaning(other)));
    }

    private static String meaning(Shortcut shortcut) {
        return shortcut == Shortcut.AVERAGE ? "AVERAGE (mean of 2 x 2 pixels)" : "SUBSAMPLE (every second pixel)";
    }

    /** One width for each block, or one for all blocks of a stage. */
    private static boolean fits(String cfg, List<Integer> inner) {
        int n = inner.size() / 3;
        return cfg.equals(inner.toString()) || cfg.equals(List.of(inner.get(0), inner.get(n), inner.get(2 * n)).toString());
    }
}
