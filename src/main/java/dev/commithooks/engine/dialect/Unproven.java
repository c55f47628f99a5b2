package dev.commithooks.engine.dialect;

import dev.commithooks.engine.sql.Letters;
import dev.commithooks.engine.sql.Lexis;
import dev.commithooks.engine.sql.SqlScanner;
import dev.commithooks.engine.sql.TransactionControl;
import dev.commithooks.engine.sql.TransactionControl.Kind;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A database of which nothing is known but the standard; what may be a lie is in doubt. */
final class Unproven extends Rebeginning {

    private static final Lexis LEXIS = Lexis.of(List.of());

    private static final Returning RETURNING =
            new NoReturning("of a database that is not tested it is not known what a RETURNING clause tells");

    private static final Set<String> COMMITTING = Set.of(
            "alter", "begin", "comment", "create", "drop", "grant", "lock", "rename", "revoke", "start", "truncate");

    @Override
    public boolean isProven() {
        return false;
    }

    @Override
    String name() {
        return "a database that the hooks' promises are not tested on";
    }

    @Override
    public @Nullable String refusal(TransactionModes modes) {
        if (modes.deferrable()) {
            return deferrableRefusal();
        }
        return modes.readOnly() ? "readOnly() cannot be had on " + name() + "" : null;
    }

    @Override
    public List<String> begin(TransactionModes modes) {
        return List.of();
    }

    @Override
    public boolean isolatesConnections() {
        return true;
    }

    @Override
    public boolean losesTransaction(SQLException failure, Connection connection, boolean hasWritten) {
        return isOfClass(failure, "40");
    }

    @Override
    public boolean refusesCommit(SQLException answer) {
        return false;
    }

    @Override
    public Returning returning() {
        return RETURNING;
    }

    @Override
    public Lexis lexis() {
        return LEXIS;
    }

    @Override
    public String savepointName(String identifier, boolean isQuoted) {
        return isQuoted ? identifier : Letters.lowerCase(identifier);
    }

    @Override
    public @Nullable TransactionControl control(SqlScanner scanner) {
        String word = scanner.keyword();
        return switch (word) {
            case "commit" -> TransactionControl.of(Kind.COMMIT);
            case "rollback" -> rollback(scanner);
            case "savepoint" -> savepoint(scanner);
            case "release" -> release(scanner);
            default -> COMMITTING.contains(word) ? TransactionControl.of(Kind.IMPLICIT_COMMIT) : null;
        };
    }
}
