package io.balsa.check;

import java.util.List;

/** The verdict of a checker. */
public sealed interface Verdict {
  /**
   * The history is linearizable.
   *
   * @param steps the number of steps that the search took
   */
  record Ok(long steps) implements Verdict {}

  /**
   * The history of one key is not linearizable.
   *
   * @param longest the end of the longest partial order found, at most {@link #SHOWN} operations
   * @param placed the number of operations in that order
   * @param stuck the operations of which one must come next, but none fits
   * @param state the state of the model after that order
   */
  record Illegal(List<Operation> longest, int placed, List<Operation> stuck, String state)
      implements Verdict {
    /** The most operations of the longest order that are shown. */
    static final int SHOWN = 12;

    @Override
    public String toString() {
      StringBuilder text = new StringBuilder("not linearizable: after these operations");
      text.append(" (the last of ").append(placed).append(")\n");
      longest.forEach(operation -> text.append("  ").append(operation).append('\n'));
      text.append("the state is ").append(state).append(" and none of these can come next\n");
      stuck.forEach(operation -> text.append("  ").append(operation).append('\n'));
      return text.toString();
    }
  }

  /** The search reached its limits without a result. Callers treat this as a failure. */
  record Unknown(String reason) implements Verdict {}

  /** Whether the history is linearizable. */
  default boolean isOk() {
    return this instanceof Ok;
  }
}
