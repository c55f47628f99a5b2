package dev.commithooks.engine.log;

/** An item of a transaction's log: a write, a callback, or a mark. */
public sealed interface LogItem permits Write, UntoldRows, LoggedCallback, HandedOver, LevelMark {}
