package io.balsa.drill;

import io.balsa.attack.Attack;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The result of an attack.
 *
 * @param at "a server" or "the proxy"
 * @param endings the code and text with which the attack's requests ended, each with its number
 * @param polite what the polite client saw during the attack
 * @param ended a line for each process that ended
 * @param leaderChanged whether another server leads after the attack, or the term is another
 * @param residentBytes the most resident bytes of a process during the attack
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

  /** A line for each promise that the attack broke. */
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
