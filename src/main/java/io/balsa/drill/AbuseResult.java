package io.balsa.drill;

import io.balsa.attack.Attack;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * How an attack went.
 *
 * @param at "a server" or "the proxy"
 * @param endings how the attack's requests ended: code and text, and how many
 * @param polite what a client that behaves saw meanwhile, through the proxy
 * @param ended the processes that ended, one line each
 * @param leaderChanged whether another server led afterwards, or the same one in another term
 * @param residentBytes the most that a process held while it lasted
 */
record AbuseResult(
    Attack attack,
    String at,
    Map<String, Long> endings,
    PoliteClient.Seen polite,
    List<String> ended,
    boolean leaderChanged,
    long residentBytes) {
  static final Duration P99_MAX = Duration.ofMillis(250);
  static final Duration SLOWEST_MAX = Duration.ofSeconds(1);

  /** The promises that it broke, one line each. */
  List<String> broken() {
    List<String> broken = new ArrayList<>();
    ended.forEach(line -> broken.add(name() + ": " + line));
    if (leaderChanged) {
      broken.add(name() + ": the leader changed");
    }
    polite.failures().stream()
        .distinct()
        .forEach(line -> broken.add(name() + ": a polite client's " + line));
    if (polite.p99().compareTo(P99_MAX) > 0 || polite.slowest().compareTo(SLOWEST_MAX) > 0) {
      broken.add(
          "%s: a polite client waited %d ms (p99), %d ms (slowest)"
              .formatted(name(), polite.p99().toMillis(), polite.slowest().toMillis()));
    }
    return broken;
  }

  String name() {
    return attack.title() + ", at " + at;
  }
}
