package io.balsa.kv;

import io.balsa.rows.AnswerBytes;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Answers in one step and holds no bytes that count. */
final class OneStepReading<T> extends Reading<T> {
  private final Supplier<T> question;
  private @Nullable T answered;

  OneStepReading(Supplier<T> question) {
    super(AnswerBytes.unbounded());
    this.question = question;
  }

  @Override
  boolean step() {
    answered = question.get();
    return true;
  }

  @Override
  void dropParts() {
    answered = null;
  }

  @Override
  void reset() {
    answered = null;
  }

  @Override
  public void pause() {}

  @Override
  public T answer() {
    return Objects.requireNonNull(answered, "it is answered by its step");
  }
}
