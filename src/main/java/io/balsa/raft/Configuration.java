package io.balsa.raft;

import io.balsa.bytes.Bytes;
import java.util.List;

/**
 * Who votes (thesis 4.3): the voters, while a joint change is under way also those of the old
 * configuration, and the learners, who only listen. Ids are in ascending unsigned order.
 *
 * @param voters the voters; a majority of them is needed
 * @param oldVoters in a joint configuration the voters before it, of whom a majority is needed as
 *     well; otherwise empty
 * @param learners servers that get the log and neither vote nor count
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

  /** The form in which it stands in a log entry or snapshot. */
  public Bytes encode() {
    return ConfigurationCodec.encode(this);
  }

  /**
   * Reads what {@link #encode} wrote.
   *
   * @throws IllegalArgumentException when it is not a configuration
   */
  public static Configuration decode(Bytes encoded) {
    return ConfigurationCodec.decode(encoded);
  }
}
