package io.balsa.raft;

import io.balsa.bytes.Bytes;
import java.util.List;

/**
 * The voters and learners of a cluster (thesis 4.3). Ids are in ascending unsigned order.
 *
 * @param voters the voters; decisions need a majority of them
 * @param oldVoters in a joint configuration the voters of the old configuration, of which decisions
 *     need a majority, too; otherwise empty
 * @param learners servers that get the log, but do not vote or count
 */
public record Configuration(List<Long> voters, List<Long> oldVoters, List<Long> learners) {
  public Configuration {
    voters = sorted(voters);
    oldVoters = sorted(oldVoters);
    learners = sorted(learners);
  }

  /** A configuration of these voters alone. */
  public static Configuration of(List<Long> voters) {
    return new Configuration(voters, List.of(), List.of());
  }

  private static List<Long> sorted(List<Long> ids) {
    return ids.stream().distinct().sorted(Long::compareUnsigned).toList();
  }

  /** The bytes of a configuration in a log entry or snapshot. */
  public Bytes encode() {
    return ConfigurationCodec.encode(this);
  }

  /**
   * Decodes the bytes of {@link #encode}.
   *
   * @throws IllegalArgumentException if the bytes are no configuration
   */
  public static Configuration decode(Bytes encoded) {
    return ConfigurationCodec.decode(encoded);
  }
}
