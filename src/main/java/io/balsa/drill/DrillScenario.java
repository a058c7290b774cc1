package io.balsa.drill;

import io.balsa.processes.InstrumentFailure;
import java.util.Arrays;

/** The failures of one run, while clients send requests. */
enum DrillScenario {
  NORMAL(1, "normal conditions"),
  LEADER_KILLED(2, "leader killed (KILL) and returned"),
  LEADER_STOPPED(3, "leader stopped (TERM) and returned"),
  FOLLOWER_KILLED(4, "follower killed and returned"),
  FOLLOWERS_DOWN(5, "both followers down and returned"),
  ALL_KILLED(6, "all three killed at once and returned"),
  LEADER_PAUSED(7, "leader paused and resumed"),
  LOG_COMPACTED(8, "follower returned after the log was compacted away");

  private final int number;
  private final String title;

  DrillScenario(int number, String title) {
    this.number = number;
    this.title = title;
  }

  /** The number by which the user selects the scenario. */
  int number() {
    return number;
  }

  String title() {
    return title;
  }

  static DrillScenario of(int number) {
    return Arrays.stream(values())
        .filter(scenario -> scenario.number == number)
        .findFirst()
        .orElseThrow(() -> new InstrumentFailure("there is no scenario " + number));
  }
}
