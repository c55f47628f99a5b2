package dev.commithooks.pictures;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The pictures in docs. {@code -Dcommithooks.docs.write=true} writes them anew where they are compared otherwise. */
public final class Pictures {

    static final Path FOLDER =
            Path.of(System.getProperty("basedir", ""), "docs").toAbsolutePath();

    private Pictures() {}

    /** The file in docs is this picture. */
    public static void assertIs(String file, Svg picture) {
        try {
            Path there = FOLDER.resolve(file);
            if (Boolean.getBoolean("commithooks.docs.write")) {
                Files.writeString(there, picture.toString());
            }
            assertThat(there)
                    .as("docs/%s is not what was run; -Dcommithooks.docs.write=true writes it anew", file)
                    .hasContent(picture.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
