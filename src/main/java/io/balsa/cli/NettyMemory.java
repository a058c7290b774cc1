package io.balsa.cli;

import java.util.Map;

/**
 * Sets how Netty allocates memory outside the heap. A system property set by the user wins.
 *
 * <p>Netty counts its buffers itself, and refuses one at once when there is no room. If the JDK
 * counted, an allocation without room would collect garbage and sleep for half a second on an event
 * loop. One client's endless requests could then stop all other clients and the links between
 * servers. To count, Netty makes buffers by a constructor of {@code java.nio}, which the jar's
 * manifest opens.
 *
 * <p>Two arenas hold 2 MiB each when nothing is in use. The default is four arenas and more, whose
 * half-used chunks could take the memory that large answers need.
 *
 * <p>Threads keep buffers for later, and one such buffer keeps a whole chunk. They give back those
 * that they do not use for {@value #TRIM_MILLIS} ms. Netty's default is never: after large answers
 * an idle proxy kept 40 MiB.
 */
final class NettyMemory {
  private static final int TRIM_MILLIS = 5_000;

  private static final Map<String, String> PROPERTIES =
      Map.of(
          "io.netty.tryReflectionSetAccessible", "true",
          "io.netty.allocator.numDirectArenas", "2",
          "io.netty.allocator.numHeapArenas", "1",
          "io.netty.allocator.cacheTrimIntervalMillis", Integer.toString(TRIM_MILLIS));

  private NettyMemory() {}

  /** Call this before the first class of Netty is loaded. */
  static void set() {
    PROPERTIES.forEach(
        (name, value) -> {
          if (System.getProperty(name) == null) {
            System.setProperty(name, value);
          }
        });
  }
}
