package io.balsa.systemd;

/** A running program, as its service manager sees it. Each method may be called on any thread. */
public interface Supervised {
  /** Whether clients can use it. Asked until it is true for the first time. */
  boolean isReady();

  /** One line for a person: what it does at present. */
  String status();

  /**
   * Proves that the program works.
   *
   * @param done called once, on any thread, when every main thread has run a task
   */
  void prove(Runnable done);
}
