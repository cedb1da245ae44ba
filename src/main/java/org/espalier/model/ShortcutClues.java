package org.espalier.model;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Decides which parameter-free shortcut a ResNet's file means. The caller's word counts first. The code of the paper, and that of Liu et al.
 * 2019, which it follows, call the last layer {@code fc}, keep the widths under {@code cfg} and average; no other code that we know does all that.
 * What is left can't be told, so that the choice comes with a sentence about it.
 *
 * @param assumed empty where the file or the caller tells
 */
record ShortcutClues(Shortcut shortcut, Optional<String> assumed) {

    static ShortcutClues of(Clues clues, String head, List<Integer> stages, List<Integer> inner) {
        if (clues.shortcut().isPresent()) {
            return new ShortcutClues(clues.shortcut().get(), Optional.empty());
        }
        Map<String, String> beside = clues.beside();
        boolean fc = head.equals("fc");
        String cfg = beside.get("cfg");
        if (fc && cfg != null && fits(cfg, inner)) {
            return new ShortcutClues(Shortcut.AVERAGE, Optional.empty());
        }
        // The dense networks of that code have no cfg yet, but what its training saves.
        boolean authors = fc && beside.containsKey("best_prec1") && beside.containsKey("optimizer");
        Shortcut assumed = authors ? Shortcut.AVERAGE : Shortcut.SUBSAMPLE;
        return new ShortcutClues(assumed, Optional.of("the file doesn't tell the shortcut between stages; assumed is " + (authors
                ? "Shortcut.AVERAGE (mean of 2 x 2 pixels, as in the paper's code); the other is loadResNet(file, Shortcut.SUBSAMPLE)"
                : "Shortcut.SUBSAMPLE (every second pixel, as in most pretrained files); the paper's code has loadResNet(file, Shortcut.AVERAGE)")));
    }

    /** One width for each block, or one for all blocks of a stage. */
    private static boolean fits(String cfg, List<Integer> inner) {
        int n = inner.size() / 3;
        return cfg.equals(inner.toString()) || cfg.equals(List.of(inner.get(0), inner.get(n), inner.get(2 * n)).toString());
    }
}
