/**
 * Hooks in JTA's transactions, over one database or several: Narayana's by themselves, in Quarkus, in Jakarta EE.
 *
 * <p>Two things make a transaction's hooks true. Pools enlist their connections with {@link JtaTransactions#manager()}, so that what
 * became of each database is seen where COMMIT is sent, and not taken from the manager's status, which is COMMITTED also where a
 * server has rolled back. And whoever ends transactions does so through it, or through {@link JtaTransactions#userTransaction()}, so
 * that exceptions reach him and hooks run when connections are given back.
 *
 * <p><b>Quarkus</b>: its Agroal pools and its {@code @Transactional} inject the transaction manager. An alternative takes its place:
 *
 * <pre>{@code
 * @Singleton
 * class HookedTransactions {
 *
 *     private final JtaTransactions jta = new JtaTransactions(
 *             com.arjuna.ats.jta.TransactionManager.transactionManager(), new TransactionSynchronizationRegistryImple());
 *
 *     @Produces @Singleton JtaTransactions jta() { return jta; }
 *     @Produces @Singleton @Alternative @Priority(1) TransactionManager manager() { return jta.manager(); }
 *     @Produces @Singleton @Alternative @Priority(1) UserTransaction user() { return jta.userTransaction(); }
 * }
 * }</pre>
 *
 * with {@code quarkus.datasource.jdbc.transactions=xa} for each database of several, and
 * {@code quarkus.transaction-manager.enable-recovery=true}.
 *
 * Narayana and Agroal, which Quarkus has inside, are what the tests run on; Quarkus itself is not.
 *
 * <p><b>Jakarta EE</b>: the same by hand, with a pool of the application's own. A pool of the container's enlists with the container's
 * manager, past the hooks; its connections are refused in a transaction, and nothing is sent.
 *
 * <p><b>Spring</b>: {@code new JtaTransactionManager(jta.userTransaction(), jta.manager())}, and jOOQ on {@link
 * JtaTransactions#connections}.
 */
@NullMarked
package dev.commithooks.jta;

import org.jspecify.annotations.NullMarked;
