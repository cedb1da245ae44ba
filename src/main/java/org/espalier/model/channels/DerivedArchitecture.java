package org.espalier.model.channels;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.espalier.model.Architecture;
import org.espalier.model.Initialisation;

/** An architecture that another one became by losing channels or blocks; what it doesn't say itself is the base's. */
sealed interface DerivedArchitecture extends Architecture permits Resized, WithoutBlocks {

    Architecture base();

    /** Those of the base that are left. */
    @Override
    default List<ChannelGroup> prunable() {
        Set<String> ofBase = new LinkedHashSet<>(base().prunable().stream().map(ChannelGroup::name).toList());
        return groups().stream().filter(group -> ofBase.contains(group.name())).toList();
    }

    @Override
    default int channels() {
        return base().channels();
    }

    @Override
    default int imageSize() {
        return base().imageSize();
    }

    @Override
    default Initialisation initialisation() {
        return base().initialisation();
    }

    @Override
    default Architecture dense() {
        return base().dense();
    }
}
