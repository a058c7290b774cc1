package io.balsa.check;

import io.balsa.bytes.Bytes;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A key that holds a value or nothing. */
final class RegisterModel implements Model<RegisterModel.Register> {
  record Register(@Nullable Bytes value) {
    Bytes before() {
      return value == null ? Bytes.EMPTY : value;
    }
  }

  private static final Register NOTHING = new Register(null);

  @Override
  public Register initial() {
    return NOTHING;
  }

  @Override
  public @Nullable Register step(Register state, Operation operation) {
    Answer answer = operation.answer();
    return switch (operation.request()) {
      case KeyRequest.Put put -> new Register(put.value());
      case KeyRequest.Get _ -> read(state, answer) ? state : null;
      case KeyRequest.Delete _ -> delete(state, answer);
      case KeyRequest.Cas cas -> swap(state, cas, answer);
      case KeyRequest.Append append -> new Register(state.before().concat(append.value()));
    };
  }

  private static boolean read(Register state, Answer answer) {
    return switch (answer) {
      case Answer.Found found -> Objects.equals(found.value(), state.value);
      case Answer.Nothing _ -> state.value == null;
      case Answer.Unknown _ -> true;
      case Answer.Done _, Answer.Deleted _, Answer.Swapped _ -> false;
    };
  }

  private static @Nullable Register delete(Register state, Answer answer) {
    boolean told = answer instanceof Answer.Deleted;
    return told && ((Answer.Deleted) answer).existed() != (state.value != null) ? null : NOTHING;
  }

  private static @Nullable Register swap(Register state, KeyRequest.Cas cas, Answer answer) {
    boolean equal = Objects.equals(cas.expected(), state.value);
    if (answer instanceof Answer.Swapped told && told.swapped() != equal) {
      return null;
    }
    return equal ? new Register(cas.value()) : state;
  }
}
