package dev.commithooks.junit;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.commons.support.ReflectionSupport;

/** What stands behind {@link RolledBack}, and finds the annotation. */
public final class AnnotatedExtension
        implements BeforeAllCallback, AfterAllCallback, BeforeEachCallback, AfterEachCallback, ParameterResolver {

    private static final Map<Class<? extends TestedApplication>, TestedApplication> APPLICATIONS =
            new ConcurrentHashMap<>();

    /** Made by JUnit. */
    public AnnotatedExtension() {}

    @Override
    public ExtensionContextScope getTestInstantiationExtensionContextScope(ExtensionContext root) {
        return ExtensionContextScope.TEST_METHOD;
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        extension(context).beforeAll(context);
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        extension(context).beforeEach(context);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        extension(context).afterEach(context);
    }

    @Override
    public void afterAll(ExtensionContext context) {
        extension(context).afterAll(context);
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return extension(context).supportsParameter(parameter, context);
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return extension(context).resolveParameter(parameter, context);
    }

    /** That of the nearest annotated class: nested classes have that of the class around them. */
    private static RolledBackExtension extension(ExtensionContext context) {
        ExtensionContext at = context;
        while (true) {
            RolledBack annotation = at.getTestClass()
                    .flatMap(type -> AnnotationSupport.findAnnotation(type, RolledBack.class))
                    .orElse(null);
            if (annotation != null) {
                TestedApplication application =
                        APPLICATIONS.computeIfAbsent(annotation.value(), ReflectionSupport::newInstance);
                return RolledBackExtension.of(application).fixture(annotation.fixture());
            }
            at = at.getParent()
                    .orElseThrow(() -> new ExtensionConfigurationException("No @RolledBack on "
                            + context.getRequiredTestClass().getName() + " or a class around it"));
        }
    }
}
