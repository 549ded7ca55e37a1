package dev.duplex.attacks;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Says which row of docs/security.md a test proves; the test's name begins with it: {@code a15UpgradeWithABodyIs400}. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Row {
    /** Such as {@code A15}. */
    String value();
}
