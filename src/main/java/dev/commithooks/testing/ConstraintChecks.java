package dev.commithooks.testing;

import dev.commithooks.testing.Finding.Kind;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** The checks that come with a virtual commit, of the constraints as they are in this test. Used by the thread whose turn it is. */
final class ConstraintChecks {

    private final RolledBackDatabase database;
    private @Nullable DeferredConstraints own;
    private boolean changed;

    ConstraintChecks(RolledBackDatabase database) {
        this.database = database;
    }

    /** The schema may be another one now. */
    void haveChanged() {
        changed = true;
    }

    /** Checks what can be checked at once, and gives the SQL for the rest. */
    String check(TestTransaction test, RealSession session) throws SQLException {
        session.dialect().check(session.connection());
        DeferredConstraints known = known(session);
        for (String name : known.shared()) {
            test.found(
                    Kind.SHARED_CONSTRAINT_NAME,
                    "several constraints are called " + name + " and are not deferred alike: after a commit in a test"
                            + " all of them are checked at once");
        }
        return known.check();
    }

    private DeferredConstraints known(RealSession session) throws SQLException {
        DeferredConstraints known = own == null ? database.constraints() : own;
        if (known == null || changed) {
            known = session.dialect().constraints(session.connection());
            if (changed) {
                own = known; // of this test alone: what made them is going to be rolled back
            } else {
                database.constraintsAre(known);
            }
            changed = false;
        }
        return known;
    }
}
