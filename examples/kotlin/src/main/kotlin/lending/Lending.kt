package lending

import dev.commithooks.CommitHooks
import dev.commithooks.CommitHooksBuilder
import dev.commithooks.Transactions
import dev.commithooks.hook.HookOptions
import dev.commithooks.policy.AfterCommitErrors
import dev.commithooks.policy.RetryPolicy
import dev.commithooks.transaction.IsolationLevel
import java.time.LocalDate
import kotlin.jvm.optionals.getOrNull
import lending.db.tables.records.BookRecord
import lending.db.tables.records.LoanRecord
import lending.db.tables.references.BOOK
import lending.db.tables.references.LOAN
import lending.db.tables.references.MEMBER
import org.jooq.DSLContext

/** The desk of a lending library, and what it keeps in step with the database: a catalogue and a mailbox. */
class Lending(
    existing: DSLContext,
    catalogue: Catalogue,
    private val mails: Mailbox,
    more: CommitHooksBuilder.() -> Unit = {},
) {
    val readers = mutableListOf<String>()

    // region: kotlin-hooks
    private val hooks = CommitHooks.builder()
        .register(BOOK, catalogue)
        .on(LOAN, HookOptions.named("mail")) { on ->
            on.afterCommitInsert { loan, ctx -> mails.send(ctx.dsl(), loan.row(), "lent until ${loan.row().due}") }
            on.afterCommitUpdate { loan, ctx ->
                if (loan.changed(LOAN.RETURNED)) mails.send(ctx.dsl(), loan.row(), "thank you")
            }
            on.failedCommitInsert { loan, ctx ->
                mails.send(ctx.dsl(), loan.row(), "not lent: ${ctx.failure().getOrNull()?.stage()}")
            }
        }
        .on(BOOK) { it.beforeCommitUpdate { book, _ -> require(book.row().title.isNotBlank()) { "a book has a title" } } }
        .afterCommitErrors(AfterCommitErrors.LOG)
        .apply(more)
        .build()

    val dsl: DSLContext = hooks.attachTo(existing)
    // endregion

    /** Puts a book on the shelf; the record is a Kotlin class, and what it must have is asked for by its constructor. */
    fun buy(isbn: String, title: String, subtitle: String? = null, copies: Int = 1): Long = dsl.transactionResult { tx ->
        val book = BookRecord(isbn = isbn, title = title, subtitle = subtitle, copies = copies)
        book.attach(tx)
        book.store()
        book.id!!
    }

    // region: kotlin-transaction
    /** Lends a book: the loan's mail is sent if, and only if, both rows are committed. */
    fun lend(book: Long, member: Long, due: LocalDate) {
        dsl.transaction { tx ->
            val copy = tx.dsl().fetchSingle(BOOK, BOOK.ID.eq(book))
            tx.dsl().newRecord(LOAN).apply {
                bookId = book
                memberId = member
                this.due = due
                store()
            }
            copy.copies -= 1 // the table refuses a negative number
            copy.store()
            CommitHooks.current(tx).onCommit { readers += copy.title }
        }
    }
    // endregion

    /** Takes back what was lent, by DML, which is recorded as records are; null where that loan is none. */
    fun takeBack(loan: Long, day: LocalDate): String? = Transactions.with(dsl)
        .isolation(IsolationLevel.SERIALIZABLE)
        .retry(RetryPolicy.attempts(3))
        .call { tx ->
            val returned = tx.dsl().update(LOAN).set(LOAN.RETURNED, day).where(LOAN.ID.eq(loan)).returning().fetchOne()
            returned?.also {
                tx.dsl().update(BOOK).set(BOOK.COPIES, BOOK.COPIES.plus(1)).where(BOOK.ID.eq(it.bookId)).execute()
            }?.let { tx.dsl().fetchSingle(BOOK, BOOK.ID.eq(it.bookId)).title }
        }

    /** Stores many books, each in a transaction of its own, on one connection; those without a copy are not kept. */
    fun stockTake(books: List<BookRecord>) = hooks.open(dsl).use { session ->
        for (book in books) {
            book.attach(session.dsl().configuration())
            book.store()
            if (book.copies > 0) session.commit() else session.rollback()
        }
    }
}

/** The mails that were sent. */
class Mailbox {
    val sent = mutableListOf<String>()

    fun send(dsl: DSLContext, loan: LoanRecord, text: String) {
        val member = dsl.fetchSingle(MEMBER, MEMBER.ID.eq(loan.memberId))
        sent += "${member.email ?: member.name}: $text"
    }
}
