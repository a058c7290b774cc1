package io.balsa.sim;

/** What can go wrong. A seed has each kind with probability one half. */
enum Fault {
  // Processes and machines.
  /** A process dies; the machine goes on, so that what was written stays. */
  KILL,
  /** A machine loses power: of what was not forced, any part may be lost. */
  POWER_LOSS,
  /** A machine loses power in the midst of changing its disk. */
  DEATH_IN_CHANGE,
  /** A machine loses power at a {@link CrashPoint}. */
  DEATH_AT_POINT,
  /** All machines lose power at once. */
  ALL_POWER_LOSS,
  /** A process dies again and again right after its starts. */
  CRASH_LOOP,
  /** A process stands still, as under SIGSTOP, and goes on. */
  PAUSE,
  /** A server is stopped gracefully, and started again. */
  STOP,
  /** Leadership is to move. */
  MOVE_LEADER,

  // The network.
  /** Frames are lost, all the time. */
  LOSS,
  /** Frames arrive twice, all the time. */
  DOUBLING,
  /** Frames overtake each other, all the time. */
  REORDERING,
  /** For a while, frames take long. */
  DELAY,
  /** The frames of a way wait until it is free again. */
  CLOG,
  /** Ways are clogged one after the other and freed in another order. */
  SWIZZLE,
  /** One machine is cut off, in both directions. */
  ISOLATE,
  /** The machines fall into two groups. */
  PARTITION,
  /** One machine no longer hears another. */
  ONE_WAY_CUT,
  /** One machine hears nobody, and is heard. */
  DEAF,
  /** Nobody hears one machine, and it hears all. */
  MUTE,
  /** Two machines no longer hear each other, while others hear both. */
  PAIR_CUT,
  /** Two groups hear each other only by one machine between them. */
  BRIDGE,
  /** Every machine hears its two neighbours alone. */
  RING,
  /** One kind of message is held back, and all of it comes at once. */
  HOLD,
  /** A frame arrives once more, long after it was sent. */
  REPLAY,
  /** A connection breaks. */
  RESET,
  /** A bit of a frame is flipped on its way. */
  CORRUPT_FRAME,

  // Disks.
  /** Forces take long. */
  SLOW_DISK,
  /** A force of the log hangs. */
  HANGING_FORCE,
  /** A force fails. */
  FAILING_FORCE,
  /** All forces fail, until the disk is replaced. */
  DEAD_DISK,
  /** A disk is full for a while. */
  FULL_DISK,
  /** A read fails. */
  READ_ERROR,
  /** A bit of a log entry flips at rest. */
  BIT_ROT,
  /** A bit of any file flips at rest. */
  FILE_ROT,
  /** What was written, and forced, never reached the disk. */
  LOST_WRITE,
  /** What was written, and forced, stands where something else belongs. */
  MISDIRECTED_WRITE,
  /** Everything on a disk is gone. */
  WIPED_DISK,

  // Time.
  /** A clock jumps: the wall clock either way, the monotonic one ahead. */
  CLOCK_JUMP,
  /** A clock goes faster or slower than before, by a tenth at most. */
  CLOCK_RATE,
  /** A clock stands still for a while. */
  FROZEN_CLOCK;

  /** Whether a machine that it befalls may be away for good. */
  boolean losesWhatWasForced() {
    return switch (this) {
      case BIT_ROT, FILE_ROT, LOST_WRITE, MISDIRECTED_WRITE, WIPED_DISK -> true;
      default -> false;
    };
  }
}
