package io.balsa.cli;

import java.time.Duration;

/** Ends the process when its server must not go on. */
final class HaltedProcess {
  /** EX_SOFTWARE of sysexits. */
  static final int EXIT_HALTED = 70;

  /** How long the last line may take: nobody may read the output, or its disk may hang. */
  private static final Duration LINE_LIMIT = Duration.ofSeconds(2);

  private HaltedProcess() {}

  /**
   * Ends the process at once, or after two seconds when its log takes no line; the state on disk is
   * as after a crash.
   *
   * @param reason one line for the operator
   */
  static void end(String reason) {
    try {
      startLimit();
    } finally {
      endAfterLine(reason);
    }
  }

  private static void startLimit() {
    Thread.ofPlatform().daemon().name("halt").start(HaltedProcess::haltAfterLimit);
  }

  private static void haltAfterLimit() {
    try {
      Thread.sleep(LINE_LIMIT);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      halt();
    }
  }

  private static void endAfterLine(String reason) {
    try {
      ProcessLog.halted(reason);
    } finally {
      halt();
    }
  }

  private static void halt() {
    Runtime.getRuntime().halt(EXIT_HALTED);
  }
}
