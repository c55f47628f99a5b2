package dev.commithooks.durable;

/** A parcel's text, as db-scheduler hands it around; what is in it is read when it is its turn. */
record StoredParcel(String text) {}
