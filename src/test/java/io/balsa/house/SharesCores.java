package io.balsa.house;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Marks a test class that may run beside another one: it measures no time, changes no property of
 * the process and captures no output of it. The build runs these classes last, two at a time.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@Tag("shares-cores")
@Execution(ExecutionMode.CONCURRENT)
public @interface SharesCores {}
