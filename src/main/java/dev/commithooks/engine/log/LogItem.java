package dev.commithooks.engine.log;

/** What a transaction's log holds, in the order it happened. */
public sealed interface LogItem permits Write, LoggedCallback, HandedOver, LevelMark {}
