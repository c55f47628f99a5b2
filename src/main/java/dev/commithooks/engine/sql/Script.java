package dev.commithooks.engine.sql;

import dev.commithooks.engine.sql.TransactionControl.Kind;
import java.util.ArrayList;
import java.util.List;
import org.jooq.ExecuteContext;
import org.jspecify.annotations.Nullable;

/**
 * The statements of one execution, a text or a batch, as far as they control the transaction. Immutable.
 *
 * @param controls what they do to the transaction, in order
 * @param statements how many statements there are in all
 * @param executesOthers whether any of them executes others that the text does not show
 */
public record Script(List<TransactionControl> controls, int statements, boolean executesOthers) {

    /** No statement. */
    public static final Script EMPTY = new Script(List.of(), 0, false);

    private static final List<TransactionControl> UNCLEAR = List.of(TransactionControl.of(Kind.UNCLEAR));
    private static final List<TransactionControl> UNCLEAR_SAVEPOINTS =
            List.of(TransactionControl.of(Kind.UNCLEAR_SAVEPOINTS));

    private static final Script HARMLESS = new Script(List.of(), 1, false);

    /**
     * A text of one or more statements. If what a backslash means is a matter of the session, and two readings of the text find
     * different things, then nobody knows what they do.
     */
    public static Script of(String sql, Syntax syntax) {
        if (!TransactionControl.isPossible(sql)) {
            return HARMLESS;
        }
        Script script = read(sql, syntax, syntax.lexis());
        Script other = script.readOtherwise(sql, syntax);
        return other == null || other.controls.equals(script.controls) ? script : script.or(other);
    }

    /** Whether a text that seems to be one statement is several if a backslash escapes nothing, which the session decides. */
    public static boolean mayBeSeveral(String sql, Syntax syntax) {
        Script other =
                sql.indexOf(';') < 0 ? null : read(sql, syntax, syntax.lexis()).readOtherwise(sql, syntax);
        return other != null && other.statements > 1;
    }

    /** What the text is if a backslash escapes nothing; null if it cannot be meant so. */
    private @Nullable Script readOtherwise(String sql, Syntax syntax) {
        Lexis without = sql.indexOf('\\') < 0 ? null : syntax.lexis().withoutBackslashes();
        if (without == null) {
            return null;
        }
        Script other = read(sql, syntax, without);
        return other.isWhole(sql, syntax, without) || !isWhole(sql, syntax, syntax.lexis()) ? other : null;
    }

    /** Whether all quotations of the text that was so read are closed: else the server executes its beginning at most, and fails. */
    private boolean isWhole(String sql, Syntax syntax, Lexis lexis) {
        return read(sql + "\n;x", syntax, lexis).statements > statements;
    }

    private static Script read(String sql, Syntax syntax, Lexis lexis) {
        SqlScanner scanner = new SqlScanner(sql, lexis);
        List<TransactionControl> controls = List.of();
        int statements = 0;
        boolean executesOthers = false;
        do {
            if (scanner.isAtStatement()) {
                statements++;
                executesOthers |= syntax.executesOthers(new SqlScanner(sql.substring(scanner.position()), lexis));
                TransactionControl control = syntax.control(scanner);
                if (control != null) {
                    controls = concat(controls, List.of(control));
                }
            }
        } while (scanner.nextStatement());
        boolean mayBeIgnored = statements > 1 && syntax.mayIgnoreAllButFirst() && !controls.isEmpty();
        return new Script(mayBeIgnored ? unclear(controls) : controls, statements, executesOthers);
    }

    /** This, or the other. */
    private Script or(Script other) {
        return new Script(
                unclear(concat(controls, other.controls)),
                Math.max(statements, other.statements),
                executesOthers || other.executesOthers);
    }

    /** What jOOQ executes, which may be a batch. */
    public static Script of(ExecuteContext ctx, Syntax syntax) {
        String sql = ctx.sql();
        if (sql != null) {
            return of(sql, syntax);
        }
        Script all = EMPTY;
        for (String batched : ctx.batchSQL()) {
            if (batched != null) {
                all = all.then(of(batched, syntax));
            }
        }
        return all;
    }

    /** This, and then the other. */
    public Script then(Script next) {
        return new Script(
                concat(controls, next.controls), statements + next.statements, executesOthers || next.executesOthers);
    }

    private static List<TransactionControl> concat(List<TransactionControl> first, List<TransactionControl> second) {
        if (first.isEmpty() || second.isEmpty()) {
            return first.isEmpty() ? second : first;
        }
        List<TransactionControl> both = new ArrayList<>(first);
        both.addAll(second);
        return List.copyOf(both);
    }

    /**
     * What the execution may have done to the transaction although it failed. A statement that fails alone has done nothing,
     * unless it was to end the transaction; of several, nobody knows which were executed.
     */
    public List<TransactionControl> ifFailed() {
        return statements == 1
                ? controls.stream().filter(TransactionControl::endsTransaction).toList()
                : unclear(controls);
    }

    /** What some of the statements have done, nobody knows which. */
    private static List<TransactionControl> unclear(List<TransactionControl> controls) {
        if (controls.stream().anyMatch(control -> control.endsTransaction() || control.kind() == Kind.UNCLEAR)) {
            return UNCLEAR;
        }
        return controls.stream()
                        .anyMatch(control -> control.isAboutSavepoint() || control.kind() == Kind.UNCLEAR_SAVEPOINTS)
                ? UNCLEAR_SAVEPOINTS
                : List.of();
    }
}
