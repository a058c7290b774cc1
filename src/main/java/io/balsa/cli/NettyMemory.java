package io.balsa.cli;

import java.util.Map;

/**
 * How Netty takes memory outside the heap. A system property given by the user wins.
 *
 * <p>Netty counts its buffers itself, and refuses at once when there is no room. Left to the JDK,
 * an allocation without room would collect garbage and sleep for half a second, on an event loop,
 * each time: one client's requests that never end would stop all others, and the links between
 * servers. For this Netty makes buffers by a constructor of {@code java.nio}, which the jar's
 * manifest opens.
 *
 * <p>Two arenas hold 2 MiB each when nothing is in use. With the default, four and more, as many
 * half-used pieces could take what large answers need.
 */
final class NettyMemory {
  private static final Map<String, String> PROPERTIES =
      Map.of(
          "io.netty.tryReflectionSetAccessible", "true",
          "io.netty.allocator.numDirectArenas", "2",
          "io.netty.allocator.numHeapArenas", "1");

  private NettyMemory() {}

  /** To be set before the first class of Netty is loaded. */
  static void set() {
    PROPERTIES.forEach(
        (name, value) -> {
          if (System.getProperty(name) == null) {
            System.setProperty(name, value);
          }
        });
  }
}
