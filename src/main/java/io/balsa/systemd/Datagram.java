package io.balsa.systemd;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/** Sends a datagram to a local address, by the functions of libc. For Linux on 64 bits. */
@SuppressWarnings("restricted") // calls of libc: each handle has the shape of its manual page
final class Datagram {
  private static final int AF_UNIX = 1;
  private static final int SOCK_DGRAM = 2;
  private static final int SOCK_CLOEXEC = 0x80000;
  private static final int MSG_DONTWAIT = 0x40;
  private static final int MSG_NOSIGNAL = 0x4000;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final Linker.Option KEEP_ERROR = Linker.Option.captureCallState("errno");
  private static final StructLayout ERROR = Linker.Option.captureStateLayout();
  private static final VarHandle ERROR_NUMBER =
      ERROR.varHandle(MemoryLayout.PathElement.groupElement("errno"));

  private static final MethodHandle SOCKET =
      function("socket", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
  private static final MethodHandle SENDTO =
      function(
          "sendto",
          FunctionDescriptor.of(
              JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT));
  private static final MethodHandle CLOSE =
      function("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
  private static final MethodHandle STRERROR =
      LINKER.downcallHandle(
          LINKER.defaultLookup().findOrThrow("strerror"), FunctionDescriptor.of(ADDRESS, JAVA_INT));

  private Datagram() {}

  private static MethodHandle function(String name, FunctionDescriptor shape) {
    return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), shape, KEEP_ERROR);
  }

  /**
   * Sends one datagram, without waiting.
   *
   * @throws IOException with the system's text, when nobody listens there or the receiver has too
   *     many unread datagrams, say
   * @throws Throwable when a function of libc cannot be called
   */
  static void send(String text, DatagramAddress receiver) throws Throwable {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment error = arena.allocate(ERROR);
      int descriptor = (int) SOCKET.invokeExact(error, AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
      requireSuccess(descriptor, error);
      try {
        send(
            descriptor,
            arena.allocateFrom(JAVA_BYTE, text.getBytes(UTF_8)),
            receiver.in(arena),
            error);
      } finally {
        int _ = (int) CLOSE.invokeExact(error, descriptor);
      }
    }
  }

  private static void send(
      int descriptor, MemorySegment message, MemorySegment address, MemorySegment error)
      throws Throwable {
    long sent =
        (long)
            SENDTO.invokeExact(
                error,
                descriptor,
                message,
                message.byteSize(),
                MSG_DONTWAIT | MSG_NOSIGNAL,
                address,
                (int) address.byteSize());
    requireSuccess(sent, error);
  }

  private static void requireSuccess(long result, MemorySegment error) throws Throwable {
    if (result < 0) {
      int number = (int) ERROR_NUMBER.get(error, 0L);
      MemorySegment text = (MemorySegment) STRERROR.invokeExact(number);
      throw new IOException(text.reinterpret(Long.MAX_VALUE).getString(0));
    }
  }
}
