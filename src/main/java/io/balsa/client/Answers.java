package io.balsa.client;

import io.grpc.StatusRuntimeException;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/** The answers of a call that has many. */
public final class Answers<A> {
  private final Iterator<A> answers;

  Answers(Iterator<A> answers) {
    this.answers = answers;
  }

  /**
   * Waits for the next one.
   *
   * @return null when there are no more
   */
  public @Nullable A next() throws RequestFailed {
    try {
      return answers.hasNext() ? answers.next() : null;
    } catch (StatusRuntimeException e) {
      throw new RequestFailed(e.getStatus(), false);
    }
  }
}
