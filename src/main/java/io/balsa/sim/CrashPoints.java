package io.balsa.sim;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;

/** The {@link CrashPoint}s that a server has passed, and the one at which it is to die. */
final class CrashPoints {
  private static final int NONE = -1;

  /** Right after the pointer to the state has been renamed. */
  private static final int STATE_IN_FORCE =
      CrashPoint.before(CrashPoint.Place.POINTER, CrashPoint.Change.RENAME) + 1;

  private final BitSet passed = new BitSet();
  private int armed = NONE;
  private final Coverage marks;
  private final Runnable death;

  /**
   * A server's points.
   *
   * @param death ends the machine, in the midst of what it does
   */
  CrashPoints(Coverage marks, Runnable death) {
    this.marks = marks;
    this.death = death;
  }

  /**
   * The server dies when it next comes to one of the places it has been to; rather than elsewhere
   * where another state is put in force, which is rare and which the log has to follow.
   */
  void arm(SimDice dice) {
    List<Integer> choices = new ArrayList<>();
    passed.stream().forEach(choices::add);
    if (passed.get(STATE_IN_FORCE)) {
      choices.addAll(Collections.nCopies(choices.size() / 4, STATE_IN_FORCE));
    }
    if (!choices.isEmpty()) {
      armed = dice.pick(choices);
    }
  }

  void disarm() {
    armed = NONE;
  }

  /** The server is at a place. */
  void pass(int number) {
    if (number < 0) {
      return;
    }
    passed.set(number);
    if (number == armed) {
      armed = NONE;
      marks.diedAt(CrashPoint.of(number));
      death.run();
    }
  }
}
