package io.balsa.sim;

import java.util.List;

/** The part of the unforced changes that survives a crash. */
enum Survival {
  /** Everything: the process dies, the machine goes on. */
  ALL,
  /** Nothing. */
  NONE,
  /** Any part, sector by sector. */
  SOME;

  /** The number of changes, from the first on, that survive. */
  int prefix(int changes, SimDice dice) {
    return switch (this) {
      case ALL -> changes;
      case NONE -> 0;
      case SOME -> dice.below(changes + 1);
    };
  }

  /** Whether one of several unordered changes survives. */
  boolean keeps(SimDice dice) {
    return switch (this) {
      case ALL -> true;
      case NONE -> false;
      case SOME -> dice.chance(0.5);
    };
  }

  /** A random survival after a power loss. */
  static Survival ofPowerLoss(SimDice dice) {
    return dice.pick(List.of(NONE, SOME, SOME, SOME, ALL));
  }
}
