package io.balsa.house;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;

/**
 * Marks a test class that may run beside another one: it proves nothing by being fast or small,
 * changes no property of the process, and listens to no log or output of it. Least times may be
 * measured. The build runs these classes last, two at a time, and the methods of a class one after
 * the other: they may use the same folder.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@Tag("shares-cores")
public @interface SharesCores {
  /** Names the lock for clusters that look for free ports: two at once would find the same. */
  String CLUSTER_PORTS = "cluster ports";
}
