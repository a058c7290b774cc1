package io.balsa.cli.settings;

import io.balsa.access.Access;
import io.balsa.ctl.BadInput;
import picocli.CommandLine.Option;

/** The flags of {@code server} about how much its clients may ask for. etcd has none of them. */
final class LimitOptions {
  @Option(
      names = "--limit-requests-per-user",
      paramLabel = "N",
      description =
          "the most requests of a user in a second, or of an address without a user; 0 for all"
              + " (${DEFAULT-VALUE})")
  int requestsPerUser = 0;

  @Option(
      names = "--limit-heap-percent",
      paramLabel = "N",
      description =
          "refuse large reads while the heap is fuller than this after a collection; 0 for never"
              + " (${DEFAULT-VALUE})")
  int heapPercent = 85;

  /** Adds the rate of users to the settings of users. */
  Access.Settings of(Access.Settings settings) {
    if (!Access.Settings.isRate(requestsPerUser)) {
      throw new BadInput(
          "--limit-requests-per-user: " + requestsPerUser + " is not between 0 and 1000000");
    }
    return settings.withRequestsPerUser(requestsPerUser);
  }
}
