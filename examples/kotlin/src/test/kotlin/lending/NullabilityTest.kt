package lending

import java.io.ByteArrayOutputStream
import java.io.PrintStream
import java.nio.file.Files
import java.nio.file.Path
import org.jetbrains.kotlin.cli.common.ExitCode
import org.jetbrains.kotlin.cli.jvm.K2JVMCompiler
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir

/** What the library says of null is what Kotlin's compiler holds its callers to: shown by code that it takes and refuses. */
class NullabilityTest {
    @TempDir
    lateinit var folder: Path

    private val head = """
        import dev.commithooks.*
        import dev.commithooks.change.*
        import dev.commithooks.hook.*
        import lending.db.tables.records.BookRecord
        import lending.db.tables.references.BOOK
        import org.jooq.DSLContext
    """.trimIndent()

    @Test
    fun `what may be null is taken`() {
        val (code, output) = compile(
            """
            fun result(dsl: DSLContext): String? = Transactions.with(dsl).call { null }
            fun notNull(dsl: DSLContext): String = Transactions.with(dsl).call { "" }
            fun stage(ctx: HookContext): String = ctx.failure().map { it.stage().name }.orElse("none")
            fun key(change: Change<BookRecord>): Long = change.key().orElseThrow().get(BOOK.ID)
            """,
        )

        assertEquals(ExitCode.OK, code, output)
    }

    @Test
    fun `null is refused where the library takes none, and where it may come it cannot be passed over`() {
        val wrong = """
            fun a(hooks: CommitHooks, dsl: DSLContext?) = hooks.attachTo(dsl)
            fun b() = HookOptions.named(null)
            fun c(hook: CommitHook<BookRecord>?) = CommitHooks.builder().register(BOOK, hook)
            fun d(dsl: DSLContext): String = Transactions.with(dsl).call { if (System.nanoTime() > 0) null else "" }
            fun e(change: Change<BookRecord>): String = change.key().orElseThrow().values()[0].toString().plus(change.key().orElseThrow().values()[0].hashCode()).let { change.key().orElseThrow().values()[0].javaClass.name }
            fun f(ctx: CurrentTransaction) = ctx.handOver("mail", null)
            class G : AfterCommitHooks<BookRecord> { override fun afterCommitInsert(change: Inserted<BookRecord>?, ctx: HookContext) {} }
            fun h(set: ChangeSet): Nothing? = set.of(null)
        """.trimIndent()

        val (code, output) = compile(wrong)

        assertEquals(ExitCode.COMPILATION_ERROR, code, output)
        wrong.lines().forEachIndexed { i, line ->
            assertTrue(Regex("Snippet\\.kt:${head.lines().size + i + 1}:\\d+: error").containsMatchIn(output), "$line\n$output")
        }
    }

    private fun compile(code: String): Pair<ExitCode, String> {
        val source = Files.writeString(folder.resolve("Snippet.kt"), head + "\n" + code.trimIndent())
        val output = ByteArrayOutputStream()
        val exit = K2JVMCompiler().exec(
            PrintStream(output, true),
            "-no-stdlib", "-no-reflect", "-jvm-target", "17", "-Xjspecify-annotations=strict",
            "-classpath", System.getProperty("java.class.path"),
            "-d", folder.resolve("classes").toString(),
            source.toString(),
        )
        return exit to output.toString()
    }
}
