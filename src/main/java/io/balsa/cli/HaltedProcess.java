package io.balsa.cli;

/** Ends the process when its server must not go on. */
final class HaltedProcess {
  /** EX_SOFTWARE of sysexits. */
  private static final int EXIT_HALTED = 70;

  private HaltedProcess() {}

  /**
   * Ends the process at once; the state on disk is as after a crash.
   *
   * @param reason one line for the operator
   */
  static void end(String reason) {
    try {
      ProcessLog.halted(reason);
    } finally {
      Runtime.getRuntime().halt(EXIT_HALTED);
    }
  }
}
