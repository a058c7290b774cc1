package io.balsa.check;

import io.balsa.bytes.Bytes;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What an operation with its answer means to a register whose values are numbered, 0 for nothing.
 *
 * @param want the value that it must meet, or must not meet when {@code unwanted}; {@link
 *     #NO_VALUE} for one that is never there
 * @param value what it leaves behind, unless it only looks
 */
record RegisterAct(Kind kind, int want, boolean unwanted, int value) {
  /** What it does. */
  enum Kind {
    /** Changes nothing. */
    LOOK,
    /** Writes, whatever was there. */
    PUT,
    /** Writes if it meets what it wants, which is not what it writes. */
    SWAP
  }

  static final int NO_VALUE = -1;

  /** The number of the value that is there before anything was written. */
  static final int NOTHING = 0;

  private static final RegisterAct ANYWHERE = new RegisterAct(Kind.LOOK, NO_VALUE, true, NOTHING);
  private static final RegisterAct NOWHERE = new RegisterAct(Kind.LOOK, NO_VALUE, false, NOTHING);

  boolean fits(int state) {
    return (state == want) != unwanted;
  }

  boolean writes() {
    return kind != Kind.LOOK;
  }

  boolean isPut() {
    return kind == Kind.PUT;
  }

  /** Null for an operation that the value numbers cannot tell: an append, a swap told half. */
  static @Nullable RegisterAct of(Operation operation, Map<Bytes, Integer> values) {
    Answer answer = operation.answer();
    return switch (operation.request()) {
      case KeyRequest.Put put -> put(number(put.value(), values));
      case KeyRequest.Get _ -> get(answer, values);
      case KeyRequest.Delete _ -> delete(answer);
      case KeyRequest.Cas cas -> swap(operation, cas, values);
      case KeyRequest.Append _ -> null;
    };
  }

  private static int number(@Nullable Bytes value, Map<Bytes, Integer> values) {
    return value == null ? NOTHING : values.computeIfAbsent(value, _ -> values.size() + 1);
  }

  private static RegisterAct put(int value) {
    return new RegisterAct(Kind.PUT, NO_VALUE, true, value);
  }

  private static RegisterAct look(int want) {
    return new RegisterAct(Kind.LOOK, want, false, NOTHING);
  }

  private static RegisterAct get(Answer answer, Map<Bytes, Integer> values) {
    return switch (answer) {
      case Answer.Found found -> look(number(found.value(), values));
      case Answer.Nothing _ -> look(NOTHING);
      case Answer.Unknown _ -> ANYWHERE;
      case Answer.Done _, Answer.Deleted _, Answer.Swapped _ -> NOWHERE;
    };
  }

  private static RegisterAct delete(Answer answer) {
    if (answer instanceof Answer.Deleted told) {
      return told.existed() ? new RegisterAct(Kind.SWAP, NOTHING, true, NOTHING) : look(NOTHING);
    }
    return put(NOTHING);
  }

  private static @Nullable RegisterAct swap(
      Operation operation, KeyRequest.Cas cas, Map<Bytes, Integer> values) {
    int expected = number(cas.expected(), values);
    int value = number(cas.value(), values);
    boolean toItself = Objects.equals(cas.expected(), cas.value());
    RegisterAct swap =
        toItself ? look(expected) : new RegisterAct(Kind.SWAP, expected, false, value);
    if (operation.answer() instanceof Answer.Swapped told) {
      return told.swapped() ? swap : new RegisterAct(Kind.LOOK, expected, true, NOTHING);
    }
    return operation.isCertain() ? null : swap;
  }
}
