package dev.commithooks.databases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.commithooks.CommitHooks;
import dev.commithooks.CommitHooksBuilder;
import dev.commithooks.fixture.FailingNetwork;
import dev.commithooks.fixture.FailingNetwork.Fault;
import dev.commithooks.fixture.Product;
import dev.commithooks.resolver.MarkerOutcomeResolver;
import dev.commithooks.resolver.PostgresOutcomeResolver;
import dev.commithooks.spi.OutcomeResolver;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.sql.Connection;
import javax.sql.DataSource;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** A COMMIT that arrives and whose answer does not. */
final class LostAnswer {

    private LostAnswer() {}

    /** What hooks are told of the author that was stored. */
    static String told(PromiseRun run, boolean isResolved) throws Exception {
        if (!isResolved || run.product() == Product.POSTGRESQL) {
            return told(run, isResolved ? PostgresOutcomeResolver.of(run.shop().dataSource) : null);
        }
        run.shop().execute(MarkerOutcomeResolver.ddl(run.database().dialect()).toArray(new String[0]));
        try {
            return told(
                    run,
                    MarkerOutcomeResolver.builder(run.shop().dataSource)
                            .sweepOn(work -> {})
                            .build());
        } finally {
            run.shop().execute("drop table commit_marker", "drop table commit_marker_home");
        }
    }

    private static String told(PromiseRun run, @Nullable OutcomeResolver resolver) throws Exception {
        try (FailingNetwork network =
                        new FailingNetwork(run.database().address().getPort());
                Connection connection = network.watched(through(network, run).getConnection())) {
            CommitHooksBuilder hooks = CommitHooks.builder().registerAll(run.shop().told);
            DSLContext dsl = (resolver == null ? hooks : hooks.outcomeResolver(resolver))
                    .build()
                    .attachTo(DSL.using(connection, run.database().dialect(), Shop.settings()));
            network.onNextCommit(Fault.CUT_BEFORE_ANSWER);
            Throwable thrown = catchThrowable(() -> dsl.transaction(tx -> run.store(tx.dsl(), 1)));
            assertThat(thrown == null).isEqualTo(resolver != null);
            assertThat(network.hasHappened()).isTrue();
        }
        return run.told();
    }

    private static DataSource through(FailingNetwork network, PromiseRun run) {
        return run.database().dataSourceAt(new InetSocketAddress(InetAddress.getLoopbackAddress(), network.port()));
    }
}
