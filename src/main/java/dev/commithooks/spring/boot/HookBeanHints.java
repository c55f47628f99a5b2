package dev.commithooks.spring.boot;

import dev.commithooks.hook.CommitHook;
import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.ReflectionHints;
import org.springframework.beans.factory.aot.BeanRegistrationAotContribution;
import org.springframework.beans.factory.aot.BeanRegistrationAotProcessor;
import org.springframework.beans.factory.support.RegisteredBean;
import org.springframework.util.ClassUtils;

/**
 * What a native image must keep for hook beans: their methods, to see which they override, and the constructor of the record that
 * names their table. Of a bean method, what its return type says; so it is to return the hook's class.
 */
final class HookBeanHints implements BeanRegistrationAotProcessor {

    HookBeanHints() {}

    @Override
    public @Nullable BeanRegistrationAotContribution processAheadOfTime(RegisteredBean bean) {
        Class<?> hook = bean.getBeanClass();
        if (!CommitHook.class.isAssignableFrom(hook)) {
            return null;
        }
        Class<?> record = HookBeans.recordType(ClassUtils.getUserClass(hook), bean.getBeanType());
        return (context, code) -> {
            ReflectionHints reflection = context.getRuntimeHints().reflection();
            reflection.registerType(hook, MemberCategory.INVOKE_PUBLIC_METHODS);
            if (record != null) {
                reflection.registerType(record, MemberCategory.INVOKE_DECLARED_CONSTRUCTORS);
            }
        };
    }
}
