package io.balsa.check;

import java.util.List;

/** What a checker found. */
public sealed interface Verdict {
  /**
   * An order exists.
   *
   * @param steps how many times an operation was tried
   */
  record Ok(long steps) implements Verdict {}

  /**
   * No order exists for one key.
   *
   * @param longest the end of the longest order found, at most {@link #SHOWN} operations
   * @param placed how many operations that order has
   * @param stuck operations of which none can come next in it
   * @param state what the model held after it
   */
  record Illegal(List<Operation> longest, int placed, List<Operation> stuck, String state)
      implements Verdict {
    /** How many operations of the longest order are shown. */
    static final int SHOWN = 12;

    @Override
    public String toString() {
      StringBuilder text = new StringBuilder("not linearizable: after these");
      text.append(" (the last of ").append(placed).append(")\n");
      longest.forEach(operation -> text.append("  ").append(operation).append('\n'));
      text.append("the state is ").append(state).append(" and none of these can come next\n");
      stuck.forEach(operation -> text.append("  ").append(operation).append('\n'));
      return text.toString();
    }
  }

  /** Nobody can say within the limits: to be treated as a failure. */
  record Unknown(String reason) implements Verdict {}

  /** Whether an order was found. */
  default boolean isOk() {
    return this instanceof Ok;
  }
}
