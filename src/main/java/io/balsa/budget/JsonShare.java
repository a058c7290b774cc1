package io.balsa.budget;

import java.util.function.Consumer;

/**
 * The share of a call of the JSON gateway. Such an answer is in memory several times: as it was
 * read, as base64, as a document, and in the socket's buffers. Each byte that is taken therefore
 * counts four times. Sent bytes count once.
 */
public final class JsonShare extends CallShare {
  private static final int TIMES = 4;

  private final long bytesMax;

  public JsonShare(AnswerBudget budget, Connection connection) {
    super(budget, connection);
    this.bytesMax = Math.min(budget.bytesMax(), budget.bytesForLarge() / TIMES);
  }

  @Override
  public long bytesMax() {
    return bytesMax;
  }

  private static long times(long bytes) {
    return bytes > Long.MAX_VALUE / TIMES ? Long.MAX_VALUE : TIMES * bytes;
  }

  @Override
  public boolean hasRoom(long bytes) {
    return super.hasRoom(times(bytes));
  }

  @Override
  public boolean tryTake(long bytes) {
    return super.tryTake(times(bytes));
  }

  @Override
  public void take(long bytes, Consumer<Boolean> done) {
    super.take(times(bytes), done);
  }

  @Override
  public void giveBack(long bytes) {
    super.giveBack(times(bytes));
  }
}
