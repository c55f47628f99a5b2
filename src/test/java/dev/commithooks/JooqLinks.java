package dev.commithooks;

import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnitAccess;
import java.lang.reflect.Executable;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** What classes call in jOOQ: one jar is to serve several versions of it. */
final class JooqLinks {

    private JooqLinks() {}

    /** Those that the jOOQ at hand does not have. */
    static Set<String> broken(JavaClasses classes) {
        Set<String> found = new TreeSet<>();
        for (JavaClass origin : classes) {
            for (JavaCodeUnitAccess<?> access : origin.getCodeUnitAccessesFromSelf()) {
                CodeUnitAccessTarget target = access.getTarget();
                if (target.getOwner().getPackageName().startsWith("org.jooq") && !exists(target)) {
                    found.add(target.getFullName() + " returning "
                            + target.getRawReturnType().getName());
                }
            }
        }
        return found;
    }

    private static boolean exists(CodeUnitAccessTarget target) {
        List<String> parameters =
                target.getRawParameterTypes().stream().map(JavaClass::getName).toList();
        Class<?> owner = target.getOwner().reflect();
        if (target.getName().equals("<init>")) {
            return Stream.of(owner.getDeclaredConstructors()).anyMatch(c -> names(c).equals(parameters));
        }
        String returned = target.getRawReturnType().getName();
        return Stream.of(owner.getMethods(), owner.getDeclaredMethods(), Object.class.getMethods())
                .flatMap(Stream::of)
                .anyMatch(m -> m.getName().equals(target.getName())
                        && m.getReturnType().getName().equals(returned)
                        && names(m).equals(parameters));
    }

    private static List<String> names(Executable executable) {
        return Stream.of(executable.getParameterTypes()).map(Class::getName).toList();
    }
}
