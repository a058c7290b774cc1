package io.balsa.raft;

import java.util.Arrays;
import java.util.List;
import java.util.function.LongPredicate;
import java.util.function.LongUnaryOperator;

/**
 * Majorities of a configuration: of the voters, and in a joint configuration of the old ones as
 * well (thesis 4.3). Learners do not count.
 */
final class Quorum {
  private Quorum() {}

  /**
   * The greatest value that a quorum has reached, each voter having reached its own and all below;
   * 0 when there are no voters.
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

  /** Whether no quorum can be reached any more, given who said no. */
  static boolean lost(Configuration configuration, LongPredicate no) {
    return !reached(configuration, id -> !no.test(id));
  }

  /** Whether a server votes. */
  static boolean isVoter(Configuration configuration, long id) {
    return configuration.voters().contains(id) || configuration.oldVoters().contains(id);
  }
}
