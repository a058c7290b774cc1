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
 * @param memory the memory of the process that grew most
 * @param refusals what servers and proxy counted as refused, by series of their metrics
 */
record AbuseResult(
    Attack attack,
    String at,
    Map<String, Long> endings,
    PoliteClient.Seen polite,
    List<String> ended,
    boolean leaderChanged,
    Memory memory,
    Map<String, Long> refusals) {
  /**
   * The memory of a process.
   *
   * @param most the most resident bytes during the attack
   * @param after within 30 s after the attack
   */
  record Memory(String process, AbuseMemory before, long most, AbuseMemory after) {}

  static final Duration P99_MAX = Duration.ofMillis(250);
  static final Duration SLOWEST_MAX = Duration.ofSeconds(1);

  /** A line for each promise that the attack broke. */
  List<String> broken() {
    List<String> broken = new ArrayList<>();
    ended.forEach(line -> broken.add(name() + ": " + line));
    if (leaderChanged) {
      broken.add(name() + ": the leader changed");
    }
    if (ended.isEmpty() && !memory.after().isBackTo(memory.before())) {
      broken.add(
          "%s: %s keeps %d MiB of heap and %d MiB of buffers, before it had %d and %d"
              .formatted(
                  name(),
                  memory.process(),
                  memory.after().heap() >> 20,
                  memory.after().direct() >> 20,
                  memory.before().heap() >> 20,
                  memory.before().direct() >> 20));
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
