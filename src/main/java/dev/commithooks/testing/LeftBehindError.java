package dev.commithooks.testing;

import java.util.List;

/** Fails a test for its {@link Finding}s. Everything it wrote is rolled back all the same, unless a finding says otherwise. */
public final class LeftBehindError extends AssertionError {

    private static final long serialVersionUID = 1;

    private final transient List<Finding> findings;

    LeftBehindError(String test, List<Finding> findings) {
        super(text(test, findings));
        this.findings = List.copyOf(findings);
    }

    /** What it fails for. */
    public List<Finding> findings() {
        return findings;
    }

    private static String text(String test, List<Finding> findings) {
        StringBuilder text = new StringBuilder(test).append(" left something behind:");
        findings.forEach(finding ->
                text.append("\n  - ").append(finding.kind()).append(": ").append(finding.message()));
        return text.toString();
    }
}
