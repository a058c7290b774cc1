package io.balsa.sim;

/** A kind of fault. Each kind is on in half of all seeds. */
enum Fault {
  // Processes and machines.
  /** A process dies; the machine goes on, so that everything written stays. */
  KILL,
  /** A machine loses power: any part of the unforced changes may be lost. */
  POWER_LOSS,
  /** A machine loses power in the middle of a disk change. */
  DEATH_IN_CHANGE,
  /** A machine loses power at a {@link CrashPoint}. */
  DEATH_AT_POINT,
  /** All machines lose power at once. */
  ALL_POWER_LOSS,
  /** A process dies again and again right after its starts. */
  CRASH_LOOP,
  /** A process stops as under SIGSTOP, and continues. */
  PAUSE,
  /** A server is stopped gracefully, and started again. */
  STOP,
  /** A leader transfers its leadership. */
  MOVE_LEADER,

  // The network.
  /** Frames are lost, all the time. */
  LOSS,
  /** Frames arrive twice, all the time. */
  DOUBLING,
  /** Frames overtake each other, all the time. */
  REORDERING,
  /** For some time, frames take long. */
  DELAY,
  /** The frames in one direction wait until it is free again. */
  CLOG,
  /** Directions are clogged one after the other and freed in another order. */
  SWIZZLE,
  /** One machine is cut off, in both directions. */
  ISOLATE,
  /** The machines fall into two groups. */
  PARTITION,
  /** One machine does not hear another one. */
  ONE_WAY_CUT,
  /** One machine hears no other, but all hear it. */
  DEAF,
  /** No machine hears one machine, but it hears all. */
  MUTE,
  /** Two machines do not hear each other, while others hear both. */
  PAIR_CUT,
  /** Two groups are connected only through one machine. */
  BRIDGE,
  /** Every machine hears only its two neighbours. */
  RING,
  /** All messages of one kind are held back, and then arrive at once. */
  HOLD,
  /** A frame arrives again, long after it was sent. */
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
  /** A forced write never reached the disk. */
  LOST_WRITE,
  /** A forced write went to the place of other data. */
  MISDIRECTED_WRITE,
  /** A disk loses all its data. */
  WIPED_DISK,

  // Time.
  /** A clock jumps: the wall clock in both directions, the monotonic one ahead. */
  CLOCK_JUMP,
  /** A clock changes its rate, by at most a tenth. */
  CLOCK_RATE,
  /** A clock stands still for some time. */
  FROZEN_CLOCK;

  /** Whether a machine with this fault loses forced data, and may be down for good. */
  boolean losesWhatWasForced() {
    return switch (this) {
      case BIT_ROT, FILE_ROT, LOST_WRITE, MISDIRECTED_WRITE, WIPED_DISK -> true;
      default -> false;
    };
  }
}
