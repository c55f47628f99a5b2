package dev.commithooks.jta.faults;

import static dev.commithooks.jta.faults.Moment.BEFORE_COMMIT;
import static dev.commithooks.jta.faults.Moment.BEFORE_ONE_PHASE_COMMIT;
import static dev.commithooks.jta.faults.Moment.BEFORE_PREPARE;
import static dev.commithooks.jta.faults.Moment.BEFORE_ROLLBACK;

import dev.commithooks.fixture.TcpProxy;

/** The faults of docs/JTA.md. The transaction writes to A first, if it writes to both, and then to B. */
enum BranchFault {
    NONE("none", Scope.BOTH, Troubles.NONE),
    THE_WORK_FAILS("the work throws an exception", Scope.BOTH, sides -> {
        throw new IllegalStateException("the work failed");
    }),
    MARKED("`setRollbackOnly()`", Scope.BOTH, TwoDatabases::setRollbackOnly),
    REFUSED_BY_A_HOOK("a before hook of B throws", Scope.BOTH, sides -> sides.refuseInBeforeHookOf(sides.b())),
    ABORTED("a swallowed error has aborted B", Scope.B, sides -> sides.swallowAnErrorIn(sides.b())),
    ABORTED_IN_B("a swallowed error has aborted B", Scope.BOTH, sides -> sides.swallowAnErrorIn(sides.b())),
    ABORTED_IN_A("a swallowed error has aborted A", Scope.BOTH, sides -> sides.swallowAnErrorIn(sides.a())),
    DEFERRED("a deferred constraint of B fails", Scope.B, sides -> sides.violateADeferredConstraintIn(sides.b())),
    DEFERRED_IN_B(
            "a deferred constraint of B fails", Scope.BOTH, sides -> sides.violateADeferredConstraintIn(sides.b())),
    ENDED_BEFORE_ONE_PHASE(
            "B's session is ended before COMMIT", Scope.B, sides -> sides.b().sessionEnds(BEFORE_ONE_PHASE_COMMIT)),
    CUT_BEFORE_ONE_PHASE(
            "the network is cut before COMMIT reaches B",
            Scope.B,
            sides -> sides.b().network().onNextCommit(TcpProxy.Fault.CUT_BEFORE_ARRIVAL)),
    CUT_AFTER_ONE_PHASE(
            "the network is cut before B's answer to COMMIT arrives",
            Scope.B,
            sides -> sides.b().network().onNextCommit(TcpProxy.Fault.CUT_BEFORE_ANSWER)),
    ENDED_BEFORE_PREPARE(
            "B's session is ended before PREPARE",
            Scope.BOTH,
            sides -> sides.b().sessionEnds(BEFORE_PREPARE)),
    CUT_BEFORE_PREPARE(
            "the network is cut before PREPARE reaches B",
            Scope.BOTH,
            sides -> sides.b().network().onNext("PREPARE TRANSACTION", TcpProxy.Fault.CUT_BEFORE_ARRIVAL)),
    CUT_AFTER_PREPARE(
            "the network is cut before B's answer to PREPARE arrives",
            Scope.BOTH,
            sides -> sides.b().network().onNext("PREPARE TRANSACTION", TcpProxy.Fault.CUT_BEFORE_ANSWER)),
    ENDED_BEFORE_ROLLBACK("B refuses PREPARE, and A's session is ended before ROLLBACK PREPARED", Scope.BOTH, sides -> {
        sides.violateADeferredConstraintIn(sides.b());
        sides.a().sessionEnds(BEFORE_ROLLBACK);
    }),
    ENDED_BEFORE_COMMIT_OF_A(
            "A's session is ended before COMMIT PREPARED",
            Scope.BOTH,
            sides -> sides.a().sessionEnds(BEFORE_COMMIT)),
    ENDED_BEFORE_COMMIT(
            "B's session is ended before COMMIT PREPARED",
            Scope.BOTH,
            sides -> sides.b().sessionEnds(BEFORE_COMMIT)),
    CUT_BEFORE_COMMIT(
            "the network is cut before COMMIT PREPARED reaches B",
            Scope.BOTH,
            sides -> sides.b().network().onNext("COMMIT PREPARED", TcpProxy.Fault.CUT_BEFORE_ARRIVAL)),
    CUT_AFTER_COMMIT(
            "the network is cut before B's answer to COMMIT PREPARED arrives",
            Scope.BOTH,
            sides -> sides.b().network().onNext("COMMIT PREPARED", TcpProxy.Fault.CUT_BEFORE_ANSWER)),
    ROLLED_BACK_BY_HAND(
            "somebody rolls the prepared B back by hand",
            Scope.BOTH,
            sides -> sides.b().endedByHand(BEFORE_COMMIT, "rollback")),
    COMMITTED_BY_HAND(
            "somebody commits the prepared B by hand",
            Scope.BOTH,
            sides -> sides.b().endedByHand(BEFORE_COMMIT, "commit"));

    /** Which databases the transaction writes to. */
    enum Scope {
        BOTH,
        B
    }

    /** What the transaction does last, or what is to happen to it when it is committed. */
    @FunctionalInterface
    interface Troubles {

        Troubles NONE = sides -> {};

        void happenIn(TwoDatabases sides) throws Exception;
    }

    private final String title;
    private final Scope scope;
    private final Troubles troubles;

    BranchFault(String title, Scope scope, Troubles troubles) {
        this.title = title;
        this.scope = scope;
        this.troubles = troubles;
    }

    /** As the page calls it. */
    String title() {
        return title.replace("`", "");
    }

    Scope scope() {
        return scope;
    }

    Troubles troubles() {
        return troubles;
    }
}
