package org.espalier.kernel;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.espalier.kernel.code.CellFailure;
import org.espalier.kernel.code.ErrorText;

/**
 * A library that a notebook asks Maven for.
 *
 * @param xml its {@code dependency} element, as it goes into a project
 */
record MavenLibrary(String group, String artifact, String version, String xml) {
    private static final Pattern WORD = Pattern.compile("[\\w.-]+");

    /**
     * Reads {@code group:artifact:version}, with a classifier {@code group:artifact:version:classifier}, or as other kernels have it
     * {@code group:artifact:type:version} and {@code group:artifact:type:classifier:version}.
     */
    static MavenLibrary of(String text) throws CellFailure {
        String[] parts = text.split(":");
        boolean words = parts.length >= 3 && parts.length <= 5 && java.util.Arrays.stream(parts).allMatch(part -> WORD.matcher(part).matches());
        if (!words) {
            throw ErrorText.plain("UsageError", "'" + text + "' is no library: write group:artifact:version, such as "
                    + "org.apache.commons:commons-csv:1.11.0");
        }
        boolean typed = parts.length == 5 || parts.length == 4 && !startsWithDigit(parts[2]) && startsWithDigit(parts[3]);
        String version = typed ? parts[parts.length - 1] : parts[2];
        String classifier = parts.length == 5 ? parts[3] : parts.length == 4 && !typed ? parts[3] : "";
        String type = typed ? parts[2] : "jar";
        return new MavenLibrary(parts[0], parts[1], version, xml(parts[0], parts[1], version, classifier, type));
    }

    private static boolean startsWithDigit(String text) {
        return Character.isDigit(text.charAt(0));
    }

    static String xml(String group, String artifact, String version, String classifier, String type) {
        return "<dependency><groupId>" + group + "</groupId><artifactId>" + artifact + "</artifactId><version>" + version + "</version>"
                + (classifier == null || classifier.isEmpty() ? "" : "<classifier>" + classifier + "</classifier>")
                + (type.equals("jar") ? "" : "<type>" + type + "</type>") + "</dependency>";
    }

    /** Reads a {@code dependency} element. */
    static MavenLibrary ofXml(String element) {
        String plain = element.replaceAll("(?s)<exclusions>.*?</exclusions>", "");
        return new MavenLibrary(field(plain, "groupId").orElse(""), field(plain, "artifactId").orElse(""), field(plain, "version").orElse(""), element);
    }

    private static Optional<String> field(String xml, String name) {
        Matcher field = Pattern.compile("<" + name + ">\\s*([^<]*?)\\s*</" + name + ">").matcher(xml);
        return field.find() ? Optional.of(field.group(1)) : Optional.empty();
    }

    /** Group and artifact, which only one version can be of. */
    String name() {
        return group + ":" + artifact;
    }
}
