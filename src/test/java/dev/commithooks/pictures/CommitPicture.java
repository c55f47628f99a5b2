package dev.commithooks.pictures;

import java.util.ArrayList;
import java.util.List;

/** What all transactions go through, and below it a line for each way that it may end. */
final class CommitPicture {

    private static final int WIDTH = 896;
    private static final int GAP = 20;
    private static final int LEFT = 240;
    private static final int TRUNK = 72;
    private static final int TOP = 126;
    private static final int ROW = 54;

    private record Branch(Ink ink, String when, String so, List<Step> steps) {}

    private final List<Step> trunk;
    private final List<Branch> branches = new ArrayList<>();

    CommitPicture(List<Step> trunk) {
        this.trunk = trunk;
    }

    CommitPicture branch(Ink ink, String when, String so, List<Step> steps) {
        branches.add(new Branch(ink, when, so, steps));
        return this;
    }

    Svg draw() {
        int height = TOP + branches.size() * ROW - 16;
        Svg svg = new Svg(WIDTH, height, "The life of a commit", description());
        int x = svg.pill(16, TRUNK, Ink.TEXT, "dsl.transaction(tx -> ..)");
        chain(svg, x, TRUNK, trunk);
        legend(svg);
        svg.path(Ink.LINE, "M 28 " + (TRUNK + 12) + " V " + (TOP + (branches.size() - 1) * ROW));
        for (int i = 0; i < branches.size(); i++) {
            branch(svg, branches.get(i), TOP + i * ROW);
        }
        return svg;
    }

    private static void branch(Svg svg, Branch branch, int y) {
        svg.path(Ink.LINE, "M 28 " + y + " H 40");
        svg.text(46, y - 2, branch.ink(), "strong", branch.when());
        svg.text(46, y + 14, Ink.MUTED, "", branch.so());
        chain(svg, LEFT, y, branch.steps());
    }

    private static void chain(Svg svg, int from, int y, List<Step> steps) {
        int x = from;
        for (Step step : steps) {
            svg.arrow(x + 3, x + GAP - 3, y);
            x = svg.pill(x + GAP, y, step.ink(), step.text());
        }
    }

    private static void legend(Svg svg) {
        int x = WIDTH - 16;
        svg.text(x, 28, Ink.HOOK, "end", "hooks");
        svg.text(x - 44, 28, Ink.SQL, "end", "the database");
        svg.text(x - 130, 28, Ink.TEXT, "end", "your code");
    }

    private String description() {
        StringBuilder words = new StringBuilder();
        branches.forEach(branch -> {
            words.append(branch.when()).append(", ").append(branch.so()).append(": ");
            words.append(String.join(
                            ", ", branch.steps().stream().map(Step::text).toList()))
                    .append(". ");
        });
        return words.toString().strip();
    }
}
