package io.balsa.systemd;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.host.Until;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

/** Plays systemd: a real datagram socket, and the lines that programs have sent to it. */
@SuppressWarnings("restricted") // calls of libc
public final class NotifyReceiver implements AutoCloseable {
  private static final int AF_UNIX = 1;
  private static final int SOCK_DGRAM = 2;
  private static final int BYTES_MAX = 4096;
  private static final int SHUT_RDWR = 2;

  private static final MethodHandle SOCKET =
      function("socket", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
  private static final MethodHandle BIND =
      function("bind", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
  private static final MethodHandle RECV =
      function("recv", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
  private static final MethodHandle SHUTDOWN =
      function("shutdown", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
  private static final MethodHandle CLOSE =
      function("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));

  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final int descriptor;
  private final CompletableFuture<Void> read;

  private NotifyReceiver(int descriptor) {
    this.descriptor = descriptor;
    this.read = CompletableFuture.runAsync(this::receive, Thread.ofPlatform().daemon()::start);
  }

  private static MethodHandle function(String name, FunctionDescriptor shape) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), shape);
  }

  /** Listens at a path, or at {@code @} and an abstract name. */
  public static NotifyReceiver at(String address) {
    try (Arena arena = Arena.ofConfined()) {
      int descriptor = (int) SOCKET.invokeExact(AF_UNIX, SOCK_DGRAM, 0);
      MemorySegment bound = new DatagramAddress(address).in(arena);
      int failed = (int) BIND.invokeExact(descriptor, bound, (int) bound.byteSize());
      assertThat(failed).as("bind to " + address).isZero();
      return new NotifyReceiver(descriptor);
    } catch (Throwable e) { // thread root: of the test
      throw new AssertionError(e);
    }
  }

  private void receive() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment room = arena.allocate(BYTES_MAX);
      while (true) {
        long got = (long) RECV.invokeExact(descriptor, room, (long) BYTES_MAX, 0);
        if (got <= 0) {
          return;
        }
        String text = new String(room.asSlice(0, got).toArray(JAVA_BYTE), UTF_8);
        lines.addAll(text.lines().toList());
      }
    } catch (Throwable e) { // thread root: the test looks at the lines
      lines.add("failed: " + e);
    }
  }

  /** The lines of all messages, in their order. */
  public List<String> lines() {
    return lines;
  }

  /** Waits for a line. */
  public void await(String line) {
    Until.until(() -> "no " + line + " in " + lines, () -> lines.contains(line));
  }

  /** Forgets the lines. */
  public void clear() {
    lines.clear();
  }

  @Override
  public void close() {
    try {
      int _ = (int) SHUTDOWN.invokeExact(descriptor, SHUT_RDWR);
      read.join();
      int _ = (int) CLOSE.invokeExact(descriptor);
    } catch (Throwable e) { // thread root: of the test
      throw new AssertionError(e);
    }
  }
}
