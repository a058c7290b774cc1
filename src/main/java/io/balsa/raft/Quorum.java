package io.balsa.raft;

import java.util.Arrays;
import java.util.List;
import java.util.function.LongPredicate;
import java.util.function.LongUnaryOperator;

/**
 * Quorums of a configuration: a majority of the voters, and in a joint configuration also one of
 * the old voters (thesis 4.3). Learners do not count.
 */
final class Quorum {
  private Quorum() {}

  /**
   * The greatest value that a quorum has reached. A voter has reached its own value and all smaller
   * ones. 0 when there are no voters.
   */
  static long agreed(Configuration configuration, LongUnaryOperator value) {
    long agreed = agreed(configuration.voters(), value);
    return configuration.oldVoters().isEmpty()
        ? agreed
        : Math.min(agreed, agreed(configuration.oldVoters(), value));
  }

  private static long agreed(List<Long> voters, LongUnaryOperator value) {
    if (voters.isEmpty()) {
      return 0;
    }
    long[] values = new long[voters.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = value.applyAsLong(voters.get(i));
    }
    Arrays.sort(values);
    return values[(values.length - 1) / 2];
  }

  /** Whether a quorum says yes. */
  static boolean reached(Configuration configuration, LongPredicate yes) {
    return agreed(configuration, id -> yes.test(id) ? 1 : 0) == 1;
  }

  /** Whether the voters that say no leave no quorum of the others. */
  static boolean lost(Configuration configuration, LongPredicate no) {
    return !reached(configuration, id -> !no.test(id));
  }

  /** Whether a server votes. */
  static boolean isVoter(Configuration configuration, long id) {
    return configuration.voters().contains(id) || configuration.oldVoters().contains(id);
  }
}
