/**
 * Hooks in JTA's transactions, over one database or several.
 *
 * <p>Two things make a transaction's hooks true. Pools enlist their connections with {@link JtaTransactions#manager()}, so that what
 * became of each database is seen where COMMIT is sent, and not taken from the manager's status, which is COMMITTED also where a
 * server has rolled back. And whoever ends transactions does so through it, or through {@link JtaTransactions#userTransaction()}, so
 * that exceptions reach him and hooks run when connections are given back.
 *
 * <p><b>Quarkus, Jakarta EE</b>: one {@link JtaTransactions} of the container's manager and registry, and a pool of the
 * application's own. A pool of the container's enlists with the container's manager, past the hooks; its connections are refused in a
 * transaction, and nothing is sent. The tests run on Narayana and Agroal, which Quarkus has inside, and on Atomikos; the containers
 * themselves were not tried.
 *
 * <p><b>Spring</b>: {@code new JtaTransactionManager(jta.userTransaction(), jta.manager())}, and jOOQ on {@link
 * JtaTransactions#connections}.
 */
@NullMarked
package dev.commithooks.jta;

import org.jspecify.annotations.NullMarked;
