package dev.commithooks.spring.boot;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** The report of a {@link HookSetupException} when the application fails to start. */
final class HookSetupFailureAnalyzer extends AbstractFailureAnalyzer<HookSetupException> {

    HookSetupFailureAnalyzer() {}

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, HookSetupException cause) {
        return new FailureAnalysis(cause.description(), cause.action(), cause);
    }
}
