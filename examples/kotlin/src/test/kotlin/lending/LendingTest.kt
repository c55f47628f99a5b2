package lending

import dev.commithooks.CommitHooks
import dev.commithooks.change.Deleted
import dev.commithooks.change.Inserted
import dev.commithooks.change.Updated
import dev.commithooks.hook.AfterCommitHooks
import dev.commithooks.hook.HookContext
import dev.commithooks.hook.HookOptions
import dev.commithooks.policy.BucketMode
import dev.commithooks.transaction.FailureStage
import java.time.LocalDate
import kotlin.random.Random
import lending.db.tables.records.BookRecord
import lending.db.tables.records.MemberRecord
import lending.db.tables.references.BOOK
import lending.db.tables.references.LOAN
import org.jooq.exception.DataAccessException
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

class LendingTest {
    private val database = LibraryDatabase.apply { clear() }
    private val catalogue = Catalogue()
    private val mails = Mailbox()
    private val ledger = Ledger()
    private val library = Lending(database.plain, catalogue, mails) { registerAll(ledger).buckets(BucketMode.EVERY) }
    private val due = LocalDate.of(2026, 12, 24)

    @Test
    fun `what is lent is told, and what cannot be lent is told as failed`() {
        val book = library.buy("9780575084582", "The Dispossessed", "An Ambiguous Utopia")
        val ann = join("Ann", "ann@example.org")

        library.lend(book, ann, due)
        assertThrows(DataAccessException::class.java) { library.lend(book, join("Ben", null), due) }

        assertEquals(listOf("ann@example.org: lent until 2026-12-24", "Ben: not lent: ${FailureStage.WORK}"), mails.sent)
        assertEquals(listOf("The Dispossessed"), library.readers)
        assertEquals(mapOf("9780575084582" to "The Dispossessed: An Ambiguous Utopia, 0"), catalogue.lines())
        assertTellsTheTruth()
        assertEquals(listOf("insert loan 2"), ledger.failed)
    }

    @Test
    fun `a transaction's result may be null`() {
        val book = library.buy("1", "Tehanu")
        library.lend(book, join("Ann", null), due)

        assertEquals("Tehanu", library.takeBack(1, due))
        assertNull(library.takeBack(2, due))

        assertEquals("Ann: thank you", mails.sent.last())
        assertTellsTheTruth()
    }

    @Test
    fun `a before hook's require() rolls back`() {
        val book = library.buy("1", "Tehanu")

        val refusal = assertThrows(IllegalArgumentException::class.java) {
            library.dsl.transaction { tx ->
                tx.dsl().update(BOOK).set(BOOK.TITLE, " ").where(BOOK.ID.eq(book)).execute()
            }
        }

        assertEquals("a book has a title", refusal.message)
        assertEquals(listOf("update book $book"), ledger.failed)
        assertTellsTheTruth()
    }

    @Test
    fun `whatever happens, rows are what hooks were told`() {
        val random = Random(18)
        val members = List(3) { join("member $it", null) }
        val books = (1..4).map { library.buy("isbn $it", "title $it", copies = it) }

        repeat(120) { n ->
            runCatching {
                when (random.nextInt(5)) {
                    0 -> library.lend(books.random(random), members.random(random), due)
                    1 -> library.takeBack(random.nextLong(1, 60), due)
                    2 -> library.stockTake(List(3) { BookRecord(isbn = "$n-$it", title = "new", copies = random.nextInt(2)) })
                    3 -> library.dsl.deleteFrom(BOOK).where(BOOK.ID.eq(random.nextLong(1, 40))).execute()
                    else -> library.dsl.transaction { tx ->
                        runCatching {
                            tx.dsl().transaction { inner ->
                                inner.dsl().update(BOOK).set(BOOK.COPIES, BOOK.COPIES.plus(1)).execute()
                                check(random.nextBoolean()) { "the savepoint rolls back" }
                            }
                        }
                        tx.dsl().update(BOOK).set(BOOK.SUBTITLE, "after $n").where(BOOK.ID.eq(books[0])).execute()
                        check(random.nextBoolean()) { "the transaction rolls back" }
                    }
                }
            }
        }

        assertTrue(ledger.committed.size > 100, "only ${ledger.committed.size}")
        assertTrue(ledger.failed.size > 20, "only ${ledger.failed.size}")
        assertTellsTheTruth()
    }

    @Test
    fun `a NOT NULL attribute of which nothing is known says so when it is read, and knows() says so before`() {
        library.buy("1", "Tehanu")
        var seen: Updated<BookRecord>? = null
        val dsl = CommitHooks.builder().on(BOOK) { it.afterCommitUpdate { book, _ -> seen = book } }.build()
            .attachTo(database.plain)

        dsl.newRecord(BOOK).apply {
            id = 1
            copies = 7
            update()
        }

        val book = seen!!
        // region: kotlin-unknown
        assertEquals(7, book.row().copies)
        assertFalse(book.knows(BOOK.TITLE))
        assertThrows(NullPointerException::class.java) { book.row().title }
        // endregion
    }

    @Test
    fun `a primary key's value is no null`() {
        val keys = mutableListOf<Long>()
        val dsl = CommitHooks.builder()
            .on(BOOK) { on -> on.afterCommitInsert { book, _ -> keys += book.key().orElseThrow().get(BOOK.ID) } }
            .build().attachTo(database.plain)

        dsl.executeInsert(BookRecord(isbn = "1", title = "Tehanu", copies = 1))

        assertEquals(database.plain.fetchValues(BOOK.ID), keys)
    }

    @Test
    fun `hooks by delegation override nothing, as Kotlin delegates no default method, and are refused`() {
        class Loud(inner: AfterCommitHooks<BookRecord>) : AfterCommitHooks<BookRecord> by inner

        val refusal = assertThrows(IllegalArgumentException::class.java) {
            CommitHooks.builder().register(BOOK, Loud(catalogue))
        }

        assertTrue("overrides" in refusal.message!!, refusal.message)
    }

    @Test
    fun `an object and an interface with bodies are hooks`() {
        val titles = mutableListOf<String>()
        val dsl = CommitHooks.builder()
            .register(BOOK, object : Titles { override fun title(title: String) { titles += title } }, HookOptions.named("titles"))
            .build().attachTo(database.plain)

        val book = BookRecord(isbn = "1", title = "Tehanu", copies = 1).apply { attach(dsl.configuration()) }
        book.store()
        book.delete()

        assertEquals(listOf("Tehanu", "Tehanu"), titles)
        assertEquals(0, database.plain.fetchCount(BOOK))
    }

    /** Rows and notifications, each read on its own. */
    private fun assertTellsTheTruth() {
        assertEquals(database.journal().sorted(), ledger.committed.sorted())
        val rows = database.plain.selectFrom(BOOK).associate {
            it.isbn to "${it.title}${it.subtitle?.let { more -> ": $more" } ?: ""}, ${it.copies}"
        }
        assertEquals(rows.toSortedMap(), catalogue.lines())
        assertEquals(
            database.plain.fetchCount(LOAN),
            ledger.committed.count { it.startsWith("insert loan") },
        )
    }

    private fun join(name: String, email: String?): Long =
        MemberRecord(name = name, email = email).apply { attach(library.dsl.configuration()) }.also { it.store() }.id!!
}

private interface Titles : AfterCommitHooks<BookRecord> {
    fun title(title: String)

    override fun afterCommitInsert(change: Inserted<BookRecord>, ctx: HookContext) = title(change.row().title)

    override fun afterCommitDelete(change: Deleted<BookRecord>, ctx: HookContext) = title(change.oldRow().title)
}
