package io.balsa.sim;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;

/** The {@link CrashPoint}s that a server has passed, and the one at which it shall die. */
final class CrashPoints {
  private static final int NONE = -1;

  /** The point right after the pointer to the state was renamed. */
  private static final int STATE_IN_FORCE =
      CrashPoint.before(CrashPoint.Place.POINTER, CrashPoint.Change.RENAME) + 1;

  private final BitSet passed = new BitSet();
  private int armed = NONE;
  private final Coverage marks;
  private final Runnable death;

  /**
   * The points of a server.
   *
   * @param death ends the machine in the middle of its task
   */
  CrashPoints(Coverage marks, Runnable death) {
    this.marks = marks;
    this.death = death;
  }

  /**
   * The server dies when it next passes one of the points that it has passed before. The draw
   * prefers the rare point at which another state takes effect, which the log must follow.
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

  /** The server passes a point. */
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
