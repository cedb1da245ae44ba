package org.espalier.model.channels;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.espalier.model.Architecture;
import org.espalier.model.GraphNode;
import org.espalier.model.families.Architectures;

/**
 * An architecture that lost whole residual blocks; their shortcuts stay.
 *
 * @param removed the names of the blocks, in the network's order
 */
public record WithoutBlocks(Architecture base, List<String> removed) implements DerivedArchitecture {

    public WithoutBlocks {
        removed = List.copyOf(removed);
    }

    /** @throws IllegalArgumentException when there is no such block */
    public static Architecture of(Architecture base, Set<String> blocks) {
        List<String> there = base.blocks().stream().map(ResidualBlock::name).toList();
        Set<String> unknown = new LinkedHashSet<>(blocks);
        there.forEach(unknown::remove);
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException(base.text() + " has no residual block " + unknown + "; it has " + there);
        }
        return blocks.isEmpty() ? base : new WithoutBlocks(base, there.stream().filter(blocks::contains).toList());
    }

    @Override
    public Architecture without(Set<String> blocks) {
        Set<String> all = new LinkedHashSet<>(blocks);
        all.removeAll(removed);
        of(this, all);
        all.addAll(removed);
        return of(base, all);
    }

    @Override
    public List<GraphNode> nodes() {
        return ResidualBlock.removed(base.nodes(), base.blocks().stream().filter(block -> removed.contains(block.name())).toList());
    }

    @Override
    public String text() {
        return base.text() + " " + Architectures.REMOVED + "=" + String.join("+", removed);
    }

    @Override
    public String toString() {
        return text();
    }
}
