package dev.duplex.attacks;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;

/** An attack by load: once in every check, and as often as {@code attacks.scale} says, on the same server, in a long one. */
@Tag("load")
@ExtendWith(Load.AgainAndAgain.class)
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@interface Load {
    /** 1 in every check, more in a long one. */
    int SCALE = Integer.getInteger("attacks.scale", 1);

    /** What {@link AttackedServer} proves of bystanders, buffers and the event loop is proven after the last time. */
    final class AgainAndAgain implements InvocationInterceptor {
        @Override
        public void interceptTestMethod(Invocation<Void> once, ReflectiveInvocationContext<Method> test, ExtensionContext context) throws Throwable {
            once.proceed();
            for (int i = 1; i < SCALE; i++) {
                try {
                    test.getExecutable().setAccessible(true);
                    test.getExecutable().invoke(test.getTarget().orElseThrow(), test.getArguments().toArray());
                } catch (InvocationTargetException failed) {
                    throw failed.getCause();
                }
            }
        }

        @Override
        public void interceptTestTemplateMethod(Invocation<Void> once, ReflectiveInvocationContext<Method> test, ExtensionContext context)
                throws Throwable {
            interceptTestMethod(once, test, context);
        }
    }
}
