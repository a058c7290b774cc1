package io.balsa.host;

import io.balsa.bytes.Fatal;
import io.netty.util.internal.OutOfDirectMemoryError;

/**
 * Decides which failures end the process and which end only a client's request. A failed store, a
 * full heap and a broken JVM end the process; all other failures can come from a request.
 */
public final class Containment {
  private Containment() {}

  /** Throws the failure again if it must end the process; returns if it is contained. */
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

  /** Whether Netty or the JDK ran out of buffers outside the heap: clients give these back. */
  static boolean isOutOfDirectMemory(Throwable failure) {
    return failure instanceof OutOfDirectMemoryError
        || (failure instanceof OutOfMemoryError
            && String.valueOf(failure.getMessage()).contains("direct buffer memory"));
  }
}
