package dev.commithooks.spring.boot;

import dev.commithooks.policy.AfterCommitErrors;
import dev.commithooks.policy.BucketMode;
import dev.commithooks.policy.Bypass;
import dev.commithooks.policy.OutsideTransaction;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * The properties {@code commit-hooks.*} that are policies; null where the builder's default holds. Filled by one thread before
 * hooks are built.
 */
@ConfigurationProperties("commit-hooks")
final class CommitHooksProperties {

    /** The ready-made ways of {@link AfterCommitErrors}. */
    enum AfterCommitErrorPolicy {
        /** What after hooks throw reaches the caller. */
        THROW(AfterCommitErrors.THROW),
        /** It is logged. */
        LOG(AfterCommitErrors.LOG);

        @SuppressWarnings("ImmutableEnumChecker") // the two ready-made ones keep no state
        private final AfterCommitErrors policy;

        AfterCommitErrorPolicy(AfterCommitErrors policy) {
            this.policy = policy;
        }

        AfterCommitErrors policy() {
            return policy;
        }
    }

    private @Nullable BucketMode buckets;
    private @Nullable OutsideTransaction outsideTransaction;
    private @Nullable Bypass bypass;
    private @Nullable AfterCommitErrorPolicy afterCommitErrors;

    /** Properties that say nothing yet. */
    CommitHooksProperties() {}

    /** How several writes of one row become changes. */
    public @Nullable BucketMode getBuckets() {
        return buckets;
    }

    /** Sets it. */
    public void setBuckets(@Nullable BucketMode buckets) {
        this.buckets = buckets;
    }

    /** What is done outside transactions. */
    public @Nullable OutsideTransaction getOutsideTransaction() {
        return outsideTransaction;
    }

    /** Sets it. */
    public void setOutsideTransaction(@Nullable OutsideTransaction outsideTransaction) {
        this.outsideTransaction = outsideTransaction;
    }

    /** What is done about DML whose rows cannot be recorded. */
    public @Nullable Bypass getBypass() {
        return bypass;
    }

    /** Sets it. */
    public void setBypass(@Nullable Bypass bypass) {
        this.bypass = bypass;
    }

    /** What becomes of the failures of after and in-doubt hooks. */
    public @Nullable AfterCommitErrorPolicy getAfterCommitErrors() {
        return afterCommitErrors;
    }

    /** Sets it. */
    public void setAfterCommitErrors(@Nullable AfterCommitErrorPolicy afterCommitErrors) {
        this.afterCommitErrors = afterCommitErrors;
    }
}
