package dev.commithooks.pictures;

/** Something that happened in a transaction, in the words of the picture. */
record Step(Ink ink, String text) {}
