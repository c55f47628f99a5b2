package lending

import dev.commithooks.change.Change
import dev.commithooks.change.Deleted
import dev.commithooks.change.Inserted
import dev.commithooks.change.TableChanges
import dev.commithooks.change.Updated
import dev.commithooks.hook.AfterCommitHooks
import dev.commithooks.hook.FailedCommitHooks
import dev.commithooks.hook.HookContext
import kotlin.jvm.optionals.getOrNull
import org.jooq.TableRecord

/** A hook of every table, which notes what is committed, and what is not. */
class Ledger : AfterCommitHooks<TableRecord<*>>, FailedCommitHooks<TableRecord<*>> {
    val committed = mutableListOf<String>()
    val failed = mutableListOf<String>()

    override fun afterCommit(changes: TableChanges<TableRecord<*>>, ctx: HookContext) {
        changes.all().mapTo(committed, ::entry)
    }

    override fun failedCommit(changes: TableChanges<TableRecord<*>>, ctx: HookContext) {
        changes.all().mapTo(failed, ::entry)
    }

    // region: kotlin-when
    /** Kotlin knows that there is no fourth kind: a `when` without `else`. */
    private fun entry(change: Change<TableRecord<*>>): String {
        val verb = when (change) {
            is Inserted -> "insert"
            is Updated -> "update"
            is Deleted -> "delete"
        }
        return "$verb ${change.table().name} ${change.key().getOrNull()?.values()?.single()}"
    }
    // endregion
}
