package org.espalier.display;

/** Where things are shown: a notebook, or a terminal. */
public interface Screen {
    /** Shows this below what was shown before, under an id that {@link #update} takes. */
    void show(String id, Bundle bundle);

    /** Replaces what is shown under this id, where the screen can; else shows it anew. */
    void update(String id, Bundle bundle);

    /** Whether {@link #update} really replaces. */
    boolean redraws();

    /** @param wait whether to clear only when the next thing is shown, which flickers less */
    void clear(boolean wait);
}
