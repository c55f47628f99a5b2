package dev.commithooks;

import static java.util.Collections.nCopies;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file over 300 lines wants to be two, in the library as in its tests and benchmarks. */
class FileLengthTest {

    private static final int LINES = 300;

    @Test
    void noFileIsTooLong() throws IOException {
        assertThat(tooLong(Path.of(System.getProperty("basedir", ""), "src"))).isEmpty();
    }

    @Test
    void aFileThatIsTooLongIsSeen(@TempDir Path folder) throws IOException {
        Path deep = Files.createDirectory(folder.resolve("deep"));
        Files.write(folder.resolve("Fits.java"), nCopies(LINES, "//"));
        Files.write(deep.resolve("Longer.java"), nCopies(LINES + 1, "//"));
        Files.write(deep.resolve("text.md"), nCopies(LINES + 1, "no Java"));

        assertThat(tooLong(folder)).containsExactly("Longer.java");
    }

    private static Set<String> tooLong(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            List<Path> found = files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> linesOf(file) > LINES)
                    .toList();
            Set<String> names = new TreeSet<>();
            found.forEach(file -> names.add(file.getFileName().toString()));
            return names;
        }
    }

    private static long linesOf(Path file) {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
