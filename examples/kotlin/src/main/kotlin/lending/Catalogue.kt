package lending

import dev.commithooks.change.Deleted
import dev.commithooks.change.Inserted
import dev.commithooks.change.Updated
import dev.commithooks.hook.AfterCommitHooks
import dev.commithooks.hook.HookContext
import java.util.concurrent.ConcurrentHashMap
import lending.db.tables.records.BookRecord

// region: kotlin-class
/** What visitors search: the titles that are committed, by ISBN, and how many copies are there. */
class Catalogue : AfterCommitHooks<BookRecord> {
    private val entries = ConcurrentHashMap<String, String>()

    override fun afterCommitInsert(change: Inserted<BookRecord>, ctx: HookContext) = put(change.row())

    override fun afterCommitUpdate(change: Updated<BookRecord>, ctx: HookContext) = put(change.row())

    override fun afterCommitDelete(change: Deleted<BookRecord>, ctx: HookContext) {
        entries -= change.oldRow().isbn
    }

    private fun put(book: BookRecord) {
        entries[book.isbn] = "${book.title}${book.subtitle?.let { ": $it" } ?: ""}, ${book.copies}"
    }

    fun lines(): Map<String, String> = entries.toSortedMap()
}
// endregion
