package org.espalier.report;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.espalier.study.Result;
import org.espalier.study.Spec;

/**
 * One grid file of a study, and its results.
 *
 * @param file    relative to the root
 * @param results those that there are, and those of its original networks
 * @param names   of arms that follow from other rows; empty where the grid says its specs itself
 */
public record StudyPart(Path file, List<Spec> specs, List<Result> results, Map<Spec, String> names) {
    public StudyPart {
        specs = List.copyOf(specs);
        results = List.copyOf(results);
        names = Map.copyOf(names);
    }

    public StudyPart(Path file, List<Spec> specs, List<Result> results) {
        this(file, specs, results, Map.of());
    }

    /** Without original networks. */
    public List<Result> retrainings() {
        return results.stream().filter(result -> !result.spec().isOriginal()).toList();
    }

    /** How many of its specs have no result. */
    public int missing() {
        List<Spec> there = results.stream().map(Result::spec).toList();
        return (int) specs.stream().filter(spec -> !there.contains(spec)).count();
    }
}
