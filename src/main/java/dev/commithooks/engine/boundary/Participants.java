package dev.commithooks.engine.boundary;

import dev.commithooks.change.ChangeSet;
import dev.commithooks.engine.log.Effect;
import dev.commithooks.engine.log.HandedOver;
import dev.commithooks.engine.log.LogItem;
import dev.commithooks.engine.scope.TransactionScope;
import dev.commithooks.engine.telling.Policies;
import dev.commithooks.engine.telling.Suppressed;
import dev.commithooks.spi.CommitContext;
import dev.commithooks.spi.CommitParticipant;
import dev.commithooks.spi.HandOver;
import dev.commithooks.spi.OutcomeResolver;
import dev.commithooks.spi.OutcomeResolver.Inquiry;
import dev.commithooks.transaction.Outcome;
import dev.commithooks.transaction.TransactionInfo;
import java.util.ArrayList;
import java.util.List;
import org.jooq.Configuration;
import org.jooq.DSLContext;
import org.jooq.ExecuteListenerProvider;
import org.jooq.RecordListenerProvider;
import org.jspecify.annotations.Nullable;

/** Those who take part in one commit, from when they were asked to until they know the outcome, and who may find it out. */
final class Participants {

    private static final System.Logger LOG = System.getLogger("dev.commithooks");

    private List<CommitParticipant.Prepared> prepared = List.of();
    private @Nullable Inquiry inquiry;

    private Participants() {}

    /** Asks all participants. */
    static Participants prepare(
            Policies policies, TransactionScope scope, Settlement settlement, Configuration transaction) {
        Participants participants = new Participants();
        if (policies.participants().isEmpty()) {
            return participants;
        }
        List<Effect> effects = settlement.finalChanges();
        ChangeSet changes = ChangeSet.of(Effect.changes(effects, null), Effect.summaries(effects));
        CommitContext context = new Context(scope.info(), changes, handedOver(scope), transaction);
        participants.prepared = new ArrayList<>(1);
        for (CommitParticipant participant : policies.participants()) {
            try {
                participants.prepared.add(participant.aboutToCommit(context));
            } catch (Throwable failure) {
                participants.completed(Outcome.ROLLED_BACK);
                throw Suppressed.<RuntimeException>rethrow(failure);
            }
        }
        return participants;
    }

    /** Lets the resolver, if there is one, note what it will need if COMMIT gets no answer: the last step before it. */
    void note(@Nullable OutcomeResolver resolver, Configuration transaction) {
        inquiry = resolver == null ? null : InDoubt.prepare(resolver, transaction);
    }

    /** The question how COMMIT ended; null where there is nobody to ask. */
    @Nullable
    Inquiry inquiry() {
        return inquiry;
    }

    private static List<HandOver.Text> handedOver(TransactionScope scope) {
        List<HandOver.Text> texts = new ArrayList<>(0);
        for (LogItem item : scope.log()) {
            if (item instanceof HandedOver handedOver) {
                texts.add(handedOver.text());
            }
        }
        return texts;
    }

    private record Context(
            TransactionInfo transaction, ChangeSet changes, List<HandOver.Text> handOvers, Configuration configuration)
            implements CommitContext {

        @Override
        public DSLContext dsl() {
            return configuration
                    .derive(new ExecuteListenerProvider[0])
                    .derive(new RecordListenerProvider[0])
                    .dsl();
        }
    }

    /** Tells them the outcome. */
    void completed(Outcome outcome) {
        for (CommitParticipant.Prepared one : prepared) {
            try {
                one.completed(outcome);
            } catch (Throwable failure) {
                LOG.log(System.Logger.Level.ERROR, "A participant in a commit that is " + outcome + " threw", failure);
            }
        }
        prepared = List.of();
    }
}
