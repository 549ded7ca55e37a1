package dev.duplex.protocol;

import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Says which rule of an RFC a test, or each test of a class, proves; {@code RfcCoverageTest} prints them all. */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.TYPE})
@Repeatable(Rfc.All.class)
public @interface Rfc {
    /** The RFC's number. */
    int number() default 6455;

    /** Such as {@code 5.5.1}. */
    String section();

    /** The rule in a few words. */
    String rule();

    /** Several rules of one test. */
    @Retention(RetentionPolicy.RUNTIME)
    @Target({ElementType.METHOD, ElementType.TYPE})
    @interface All {
        /** The rules. */
        Rfc[] value();
    }
}
