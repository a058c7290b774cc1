package io.balsa.check;

import io.balsa.bytes.Bytes;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The step that an operation with its answer takes on a register. Values are numbered; 0 stands for
 * no value.
 *
 * @param expected the value that the register must have before the step, or must not have when
 *     {@code negated}; {@link #NO_VALUE} is a value that it never has
 * @param value the value that a put or a compare-and-swap writes
 */
record RegisterAction(Kind kind, int expected, boolean negated, int value) {
  /** What the step does. */
  enum Kind {
    /** Changes nothing: a read, or a failed compare-and-swap or deletion. */
    READ,
    /** Writes unconditionally. */
    PUT,
    /** Writes a value other than the expected one, if the register has the expected one. */
    CAS
  }

  static final int NO_VALUE = -1;

  /** The number of a register without a value, as it is at the beginning. */
  static final int NOTHING = 0;

  private static final RegisterAction ANYWHERE =
      new RegisterAction(Kind.READ, NO_VALUE, true, NOTHING);
  private static final RegisterAction NOWHERE =
      new RegisterAction(Kind.READ, NO_VALUE, false, NOTHING);

  boolean fits(int state) {
    return (state == expected) != negated;
  }

  boolean writes() {
    return kind != Kind.READ;
  }

  boolean isPut() {
    return kind == Kind.PUT;
  }

  /**
   * Null for an operation that numbered values cannot express: an append, or a certain
   * compare-and-swap whose answer does not say whether it swapped.
   */
  static @Nullable RegisterAction of(Operation operation, Map<Bytes, Integer> values) {
    Answer answer = operation.answer();
    return switch (operation.request()) {
      case KeyRequest.Put put -> put(number(put.value(), values));
      case KeyRequest.Get _ -> get(answer, values);
      case KeyRequest.Delete _ -> delete(answer);
      case KeyRequest.Cas request -> cas(operation, request, values);
      case KeyRequest.Append _ -> null;
    };
  }

  private static int number(@Nullable Bytes value, Map<Bytes, Integer> values) {
    return value == null ? NOTHING : values.computeIfAbsent(value, _ -> values.size() + 1);
  }

  private static RegisterAction put(int value) {
    return new RegisterAction(Kind.PUT, NO_VALUE, true, value);
  }

  private static RegisterAction read(int expected) {
    return new RegisterAction(Kind.READ, expected, false, NOTHING);
  }

  private static RegisterAction get(Answer answer, Map<Bytes, Integer> values) {
    return switch (answer) {
      case Answer.Found found -> read(number(found.value(), values));
      case Answer.Nothing _ -> read(NOTHING);
      case Answer.Unknown _ -> ANYWHERE;
      case Answer.Done _, Answer.Deleted _, Answer.Swapped _ -> NOWHERE;
    };
  }

  private static RegisterAction delete(Answer answer) {
    if (answer instanceof Answer.Deleted told) {
      return told.existed() ? new RegisterAction(Kind.CAS, NOTHING, true, NOTHING) : read(NOTHING);
    }
    return put(NOTHING);
  }

  private static @Nullable RegisterAction cas(
      Operation operation, KeyRequest.Cas request, Map<Bytes, Integer> values) {
    int expected = number(request.expected(), values);
    int value = number(request.value(), values);
    boolean toItself = Objects.equals(request.expected(), request.value());
    RegisterAction cas =
        toItself ? read(expected) : new RegisterAction(Kind.CAS, expected, false, value);
    if (operation.answer() instanceof Answer.Swapped told) {
      return told.swapped() ? cas : new RegisterAction(Kind.READ, expected, true, NOTHING);
    }
    return operation.isCertain() ? null : cas;
  }
}
