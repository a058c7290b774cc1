package io.balsa.sim;

/** What can go wrong. */
enum Fault {
  /** A process dies; the machine goes on, so that what was written stays. */
  KILL,
  /** A machine loses power: of what was not forced, any part may be lost. */
  POWER_LOSS,
  /** A machine loses power in the midst of changing its disk. */
  DEATH_IN_CHANGE,
  /** All machines lose power at once. */
  ALL_POWER_LOSS,
  /** A process stands still, as under SIGSTOP, and goes on. */
  PAUSE,
  /** A server is stopped gracefully, and started again. */
  STOP,
  /** Leadership is to move. */
  MOVE_LEADER,
  /** One machine is cut off, in both directions. */
  ISOLATE,
  /** The machines fall into two groups. */
  PARTITION,
  /** One machine no longer hears another. */
  ONE_WAY_CUT,
  /** Two machines no longer hear each other, while others hear both. */
  PAIR_CUT,
  /** A connection breaks. */
  RESET,
  /** Forces take long. */
  SLOW_DISK,
  /** A force of the log hangs. */
  HANGING_FORCE,
  /** A force fails. */
  FAILING_FORCE,
  /** A disk is full for a while. */
  FULL_DISK
}
