package io.balsa.systemd;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A local address of a datagram socket (unix(7)).
 *
 * @param name an absolute path, or {@code @} and an abstract name
 */
record DatagramAddress(String name) {
  private static final short AF_UNIX = 1;
  private static final int FAMILY_BYTES = Short.BYTES;

  /** The most bytes of a path or name, its zero included: {@code sun_path}. */
  private static final int PATH_BYTES = 108;

  DatagramAddress {
    if (!name.startsWith("/") && !name.startsWith("@")) {
      throw new IllegalArgumentException(
          "'" + name + "' is neither an absolute path nor @ and a name");
    }
    if (name.getBytes(UTF_8).length >= PATH_BYTES) {
      throw new IllegalArgumentException("'" + name + "' is longer than an address may be");
    }
  }

  /** The address as a {@code sockaddr_un}, as long as it is for the kernel. */
  MemorySegment in(Arena arena) {
    byte[] path = name.getBytes(UTF_8);
    boolean isAbstract = path[0] == '@';
    if (isAbstract) {
      path[0] = 0;
    }
    // an abstract name has no zero at its end: each byte of the address counts
    MemorySegment address = arena.allocate(FAMILY_BYTES + path.length + (isAbstract ? 0L : 1L), 2);
    address.set(ValueLayout.JAVA_SHORT, 0, AF_UNIX);
    MemorySegment.copy(path, 0, address, ValueLayout.JAVA_BYTE, FAMILY_BYTES, path.length);
    return address;
  }
}
