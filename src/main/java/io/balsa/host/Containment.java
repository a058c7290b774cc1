package io.balsa.host;

import io.balsa.bytes.Fatal;
import io.netty.util.internal.OutOfDirectMemoryError;

/**
 * Which failures end the process, and which end only what a client asked for: a client may bring
 * about all but a store that fails, a heap that is full and a JVM that is broken.
 */
public final class Containment {
  private Containment() {}

  /** Throws on what must end the process; returns when the failure is to be contained. */
  public static void throwIfFatal(Throwable failure) {
    if (failure instanceof Fatal && failure instanceof RuntimeException fatal) {
      throw fatal;
    }
    if (failure instanceof VirtualMachineError fatal
        && !(failure instanceof StackOverflowError)
        && !isOutOfDirectMemory(failure)) {
      throw fatal;
    }
  }

  /** Netty's own count, or the JDK's, of buffers outside the heap: clients give them back. */
  static boolean isOutOfDirectMemory(Throwable failure) {
    return failure instanceof OutOfDirectMemoryError
        || (failure instanceof OutOfMemoryError
            && String.valueOf(failure.getMessage()).contains("direct buffer memory"));
  }
}
