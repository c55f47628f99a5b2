package dev.commithooks.examples;

import dev.commithooks.CommitHooks;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jacoco.core.data.ExecutionDataStore;
import org.jacoco.core.data.SessionInfoStore;
import org.jacoco.core.instr.Instrumenter;
import org.jacoco.core.runtime.IRuntime;
import org.jacoco.core.runtime.LoggerRuntime;
import org.jacoco.core.runtime.RuntimeData;

/**
 * The library once more in a class loader of its own, with JaCoCo's marks in its code, so that its classes can be counted of which a
 * method runs. A class is known by its name with slashes, as the JVM knows it.
 */
final class CountedLibrary extends ClassLoader {

    private static final Path CLASSES = placeOf(CommitHooks.class);

    private final IRuntime runtime = new LoggerRuntime();
    private final RuntimeData marks = new RuntimeData();
    private final Instrumenter instrumenter = new Instrumenter(runtime);
    private final Class<?> program;

    /** The library, to be used by this program, which is loaded once more as well. */
    CountedLibrary(Class<?> program) throws Exception {
        super(program.getClassLoader());
        this.program = program;
        runtime.startup(marks);
    }

    /** A program that uses it. */
    Object newProgram() throws ReflectiveOperationException {
        return loadClass(program.getName()).getConstructor().newInstance();
    }

    /** The classes of which a method runs while the action does. */
    SortedSet<String> classesRunBy(Runnable action) {
        marks.reset();
        action.run();
        ExecutionDataStore run = new ExecutionDataStore();
        marks.collect(run, new SessionInfoStore(), false);
        SortedSet<String> names = new TreeSet<>();
        run.getContents().stream().filter(one -> one.hasHits()).forEach(one -> names.add(one.getName()));
        return names;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        synchronized (getClassLoadingLock(name)) {
            Class<?> known = findLoadedClass(name);
            if (known != null) {
                return known;
            }
            Path file = CLASSES.resolve(name.replace('.', '/') + ".class");
            try {
                if (Files.exists(file)) {
                    return define(name, instrumenter.instrument(Files.readAllBytes(file), name));
                }
                if (name.equals(program.getName())) {
                    return define(
                            name, Files.readAllBytes(placeOf(program).resolve(name.replace('.', '/') + ".class")));
                }
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
            return super.loadClass(name, resolve);
        }
    }

    private Class<?> define(String name, byte[] code) {
        return defineClass(name, code, 0, code.length);
    }

    private static Path placeOf(Class<?> type) {
        try {
            return Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
