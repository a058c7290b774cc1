package io.balsa.raft;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Thesis 4.3: quorums, also joint ones, against a slow and obvious implementation. */
class QuorumTest {
  private static final int SERVERS = 5;
  private static final int VALUES = 3;

  @Test
  void everySmallConfigurationAgreesLikeTheObviousOne() {
    for (int voters = 0; voters < 1 << SERVERS; voters++) {
      for (int old = 0; old < 1 << SERVERS; old++) {
        if (Integer.bitCount(voters) <= 3 || old == 0) {
          checkAllValues(new Configuration(ids(voters), ids(old), List.of(9L)));
        }
      }
    }
  }

  private static void checkAllValues(Configuration configuration) {
    int combinations = (int) Math.pow(VALUES, SERVERS);
    for (int combination = 0; combination < combinations; combination++) {
      long[] values = values(combination);
      long agreed = Quorum.agreed(configuration, id -> values[(int) id]);
      if (agreed != obvious(configuration, values)) {
        assertThat(agreed)
            .as("%s %s", configuration, values)
            .isEqualTo(obvious(configuration, values));
      }
    }
  }

  /** The greatest value that more than half of the voters, and of the old voters, have reached. */
  private static long obvious(Configuration configuration, long[] values) {
    long best = 0;
    for (long value = 0; value < VALUES; value++) {
      boolean old =
          configuration.oldVoters().isEmpty() || majority(configuration.oldVoters(), values, value);
      if (majority(configuration.voters(), values, value) && old) {
        best = value;
      }
    }
    return best;
  }

  private static boolean majority(List<Long> voters, long[] values, long value) {
    long reached = voters.stream().filter(id -> values[(int) (long) id] >= value).count();
    return 2 * reached > voters.size();
  }

  @Test
  void winningAndLosingExcludeEachOtherAndMeetWhenAllHaveAnswered() {
    for (int voters = 1; voters < 1 << SERVERS; voters++) {
      for (int yes = 0; yes < 1 << SERVERS; yes++) {
        int granted = yes;
        Configuration configuration = Configuration.of(ids(voters));
        boolean won = Quorum.reached(configuration, id -> has(granted, id));
        boolean lost = Quorum.lost(configuration, id -> !has(granted, id));
        assertThat(won).isNotEqualTo(lost);
      }
    }
  }

  @Test
  void learnersDoNotCount() {
    Configuration configuration = new Configuration(List.of(1L, 2L, 3L), List.of(), List.of(4L));
    assertThat(Quorum.reached(configuration, id -> id == 1 || id == 4)).isFalse();
    assertThat(Quorum.isVoter(configuration, 4)).isFalse();
  }

  @Test
  void noVotersAgreeOnNothing() {
    assertThat(Quorum.reached(Configuration.of(List.of()), _ -> true)).isFalse();
  }

  private static long[] values(int combination) {
    long[] values = new long[SERVERS];
    int rest = combination;
    for (int i = 0; i < SERVERS; i++) {
      values[i] = rest % VALUES;
      rest /= VALUES;
    }
    return values;
  }

  private static List<Long> ids(int set) {
    return new ArrayList<>(
        LongStream.range(0, SERVERS).filter(id -> has(set, id)).boxed().toList());
  }

  private static boolean has(int set, long id) {
    return (set >> id & 1) == 1;
  }
}
