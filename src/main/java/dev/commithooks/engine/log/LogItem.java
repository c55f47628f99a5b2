package dev.commithooks.engine.log;

/** An item of a transaction's log: a write or the summary of many, a callback, or a mark. */
public sealed interface LogItem permits Recorded, UntoldRows, LoggedCallback, HandedOver, LevelMark {}
