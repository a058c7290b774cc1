package io.balsa.sim;

import java.util.List;

/** What of the unforced changes outlives a crash. */
enum Survival {
  /** Everything: the process dies, the machine goes on. */
  ALL,
  /** Nothing that was not forced. */
  NONE,
  /** Any part, sector by sector. */
  SOME;

  /** How many of a row of changes, from the first on, are there afterwards. */
  int prefix(int changes, SimDice dice) {
    return switch (this) {
      case ALL -> changes;
      case NONE -> 0;
      case SOME -> dice.below(changes + 1);
    };
  }

  /** Whether one of several changes that no order binds is there afterwards. */
  boolean keeps(SimDice dice) {
    return switch (this) {
      case ALL -> true;
      case NONE -> false;
      case SOME -> dice.chance(0.5);
    };
  }

  /** What a loss of power does. */
  static Survival ofPowerLoss(SimDice dice) {
    return dice.pick(List.of(NONE, SOME, SOME, SOME, ALL));
  }
}
