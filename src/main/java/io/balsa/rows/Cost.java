package io.balsa.rows;

import io.balsa.model.KeyValue;
import io.balsa.model.KvError;
import io.balsa.model.Seen;
import io.balsa.model.StoreLimits;
import org.jspecify.annotations.Nullable;

/**
 * The cost of a transaction, and its bounds. The sum decides whether the transaction is done, so
 * every replica must count alike. Keys count as the log made them. Steps in the ordered store do
 * not count: replicas differ in the compacted versions that they still have.
 *
 * <ol>
 *   <li>A key that is looked at counts 1, one that is deleted {@link #DELETION}, and each {@link
 *       #KEY_BYTES} of a key and its value 1 more, because the disk is read.
 *   <li>The answer, with what has to be held for a sort, has a bound in bytes.
 *   <li>The versions that are replaced or deleted have the same bound: they are all held until the
 *       transaction is stored. A single one may be of any size.
 * </ol>
 */
public final class Cost {
  /** A deleted key counts as so many: it is read, and written in several places. */
  public static final int DELETION = 5;

  /** So many bytes of a key and its value count as one more key. */
  static final int KEY_BYTES = 1 << 10;

  /**
   * A transaction has fewer ranges of the past than this. Each may pass versions that are compacted
   * and not yet removed, which replicas cannot count alike.
   */
  static final int PAST_RANGES = 5;

  private final StoreLimits limits;
  private long keys;
  private long answer;
  private long replaced;
  private int replacements;
  private @Nullable KvError refusal;

  public Cost(StoreLimits limits) {
    this.limits = limits;
  }

  /** Why the transaction is refused for its cost; null while it is not. */
  public @Nullable KvError refusal() {
    return refusal;
  }

  /** Whether it is refused: nothing more needs to be looked at. */
  public boolean isOver() {
    return refusal != null;
  }

  /** A key was looked at; null when it was not there. */
  public void visit(@Nullable Seen seen) {
    visit(1 + (seen == null ? 0 : seen.size() / KEY_BYTES));
  }

  /** The key that rows stand on was looked at. */
  public void visit(Rows rows) {
    visit(1 + ((long) rows.key().size() + rows.valueSize()) / KEY_BYTES);
  }

  /** A version of the past was passed that is not the first one seen of its key. */
  void pass(Seen seen) {
    visit(seen.size() / KEY_BYTES);
  }

  /** The past of a range is looked at. */
  public void lookBack() {
    visit(limits.txnKeys() / PAST_RANGES);
  }

  private void visit(long more) {
    keys += more;
    refuse(keys > limits.txnKeys(), KvError.TXN_TOO_LARGE);
  }

  /** A version is replaced. */
  public void replace(KeyValue before) {
    replaced += Space.bytesOf(before);
    replacements++;
    refuse(replacements > 1 && replaced > limits.answerBytes(), KvError.TXN_TOO_LARGE);
  }

  /** A key that was visited is deleted. */
  public void delete(KeyValue before) {
    visit(DELETION - 1);
    replace(before);
  }

  /** What the next part of the answer may hold. */
  public AnswerBytes mayHold() {
    long left = limits.answerBytes() - answer;
    return AnswerBytes.upTo(left, left);
  }

  /** A part of the answer has been made with what it may hold, or was given up. */
  public void held(AnswerBytes held) {
    refuse(held.measures(), KvError.ANSWER_TOO_LARGE);
  }

  /** Whether a part of so many bytes is not too much for the answer. */
  public boolean fits(long bytes) {
    return answer + bytes <= limits.answerBytes();
  }

  /** A part of the answer has so many bytes. */
  public void answer(long bytes) {
    answer += bytes;
    refuse(answer > limits.answerBytes(), KvError.ANSWER_TOO_LARGE);
  }

  private void refuse(boolean tooMuch, KvError error) {
    if (tooMuch && refusal == null) {
      refusal = error;
    }
  }
}
