package dev.commithooks.examples;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The project's Markdown, and the regions of code that its Java and Kotlin blocks quote. */
final class Documentation {

    static final Path ROOT = Path.of(System.getProperty("basedir", "")).toAbsolutePath();
    private static final Pattern FENCE =
            Pattern.compile("(?ms)(?:^<!-- (?<name>[\\w: -]+) -->\\R)?^```(?<language>\\w+)\\R(?<text>.*?)^```$");
    private static final Pattern REGION =
            Pattern.compile("(?ms)^ *// region: (?<name>[\\w-]+)\\R(?<text>.*?)^ *// endregion$");
    private static final Pattern LINK = Pattern.compile("\\]\\((?!https?:)(?<target>[^)#]*)(?:#(?<anchor>[^)]*))?\\)");

    private Documentation() {}

    /** A fenced block; the name is that of a comment on the line before it, or empty. */
    record Block(Path file, int line, String name, String language, String text) {
        @Override
        public String toString() {
            return ROOT.relativize(file) + ":" + line;
        }
    }

    /** A marked part of a source file, without its indentation; several of one name in a file are one, with blank lines between. */
    record Region(Path file, String name, String text) {}

    /** A link to something within the project. */
    record Link(Path file, String target, String anchor) {

        /** The file or folder that it leads to, which may not be there. */
        Path destination() {
            return target.isEmpty()
                    ? file
                    : Objects.requireNonNull(file.getParent()).resolve(target).normalize();
        }

        @Override
        public String toString() {
            return ROOT.relativize(file) + ": (" + target + (anchor.isEmpty() ? "" : "#" + anchor) + ")";
        }
    }

    /** What stands under a heading, the smaller headings in it included; without anchor, what stands before the second heading. */
    record Section(Path file, String anchor, String text) {}

    static Path readme() {
        return ROOT.resolve("README.md");
    }

    /** What users of the library read. */
    static List<Path> pages() {
        return Stream.concat(Stream.of(readme()), files(ROOT.resolve("docs"), ".md").stream())
                .toList();
    }

    /** All Markdown files. */
    static List<Path> allPages() {
        return Stream.concat(files(ROOT, 1, ".md").stream(), files(ROOT.resolve("docs"), ".md").stream())
                .toList();
    }

    static List<Block> blocks(Path page, String language) {
        String text = read(page);
        List<Block> blocks = new ArrayList<>();
        Matcher fence = FENCE.matcher(text);
        while (fence.find()) {
            if (fence.group("language").equals(language)) {
                int line = (int) text.substring(0, fence.start("text")).lines().count() + 1;
                String name = fence.group("name");
                blocks.add(new Block(page, line, name == null ? "" : name, language, fence.group("text")));
            }
        }
        return blocks;
    }

    /** What the documentation says a program prints: the text block under the comment {@code output: name}. */
    static String output(String name) {
        return pages().stream()
                .flatMap(page -> blocks(page, "text").stream())
                .filter(block -> block.name().equals("output: " + name))
                .map(Block::text)
                .findFirst()
                .orElseThrow(() -> new AssertionError("no text block under <!-- output: " + name + " -->"));
    }

    static List<Region> regions() {
        List<Region> regions = new ArrayList<>();
        for (String folder : List.of("examples", "src/test/java")) {
            files(ROOT.resolve(folder), ".java").forEach(file -> regions.addAll(regionsOf(file)));
        }
        files(ROOT.resolve("examples/kotlin/src"), ".kt").forEach(file -> regions.addAll(regionsOf(file)));
        return regions;
    }

    private static List<Region> regionsOf(Path file) {
        Map<String, String> regions = new LinkedHashMap<>();
        Matcher region = REGION.matcher(read(file));
        while (region.find()) {
            regions.merge(region.group("name"), dedent(region.group("text")), (first, next) -> first + "\n" + next);
        }
        return regions.entrySet().stream()
                .map(entry -> new Region(file, entry.getKey(), entry.getValue()))
                .toList();
    }

    static List<Link> links(Path page) {
        return links(page, read(page));
    }

    static List<Link> links(Section section) {
        return links(section.file(), section.text());
    }

    private static List<Link> links(Path page, String text) {
        List<Link> links = new ArrayList<>();
        Matcher link = LINK.matcher(FENCE.matcher(text).replaceAll(""));
        while (link.find()) {
            String anchor = link.group("anchor");
            links.add(new Link(page, link.group("target"), anchor == null ? "" : anchor));
        }
        return links;
    }

    /** The anchors of a page's headings, as GitHub makes them. */
    static List<String> anchors(Path page) {
        return FENCE.matcher(read(page))
                .replaceAll("")
                .lines()
                .filter(line -> line.startsWith("#"))
                .map(Documentation::anchor)
                .toList();
    }

    private static String anchor(String heading) {
        return heading.replaceFirst("^#+ ", "")
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^\\w -]", "")
                .replace(' ', '-');
    }

    /** Where a reader is who has followed a link. */
    static Section section(Path page, String anchor) {
        StringBuilder text = new StringBuilder();
        int level = 0;
        boolean fenced = false;
        for (String line : read(page).lines().toList()) {
            fenced ^= line.startsWith("```");
            if (!fenced && line.startsWith("#")) {
                int next = line.indexOf(' ');
                if (level > 0 && (anchor.isEmpty() || next <= level)) {
                    break;
                }
                if (level == 0 && (anchor.isEmpty() || anchor(line).equals(anchor))) {
                    level = next;
                }
            }
            if (level > 0) {
                text.append(line).append('\n');
            }
        }
        return new Section(page, anchor, text.toString());
    }

    /** The text of all tests and examples. */
    static String testSources() {
        return Stream.of("examples", "src/test/java")
                .flatMap(folder -> files(ROOT.resolve(folder), ".java").stream())
                .map(Documentation::read)
                .collect(Collectors.joining("\n"));
    }

    static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String dedent(String text) {
        int indent = text.lines()
                .filter(line -> !line.isBlank())
                .mapToInt(line -> line.length() - line.stripLeading().length())
                .min()
                .orElse(0);
        StringBuilder dedented = new StringBuilder();
        text.lines()
                .forEach(line -> dedented.append(line.isBlank() ? "" : line.substring(indent))
                        .append('\n'));
        return dedented.toString();
    }

    static List<Path> files(Path folder, String suffix) {
        return files(folder, Integer.MAX_VALUE, suffix);
    }

    private static List<Path> files(Path folder, int depth, String suffix) {
        try (Stream<Path> files = Files.walk(folder, depth)) {
            return files.filter(file -> file.toString().endsWith(suffix))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
