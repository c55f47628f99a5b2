package dev.commithooks.archfixture.spi;

import org.postgresql.PGConnection;

/** Needs a library that the users of the jar may not have. */
public interface NamesADriver {
    PGConnection connection();
}
