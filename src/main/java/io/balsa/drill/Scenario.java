package io.balsa.drill;

/** What is done to the servers while clients go on asking; told apart by {@link #number}. */
enum Scenario {
  NORMAL("normal conditions"),
  LEADER_KILLED("leader killed with SIGKILL, later returned"),
  LEADER_STOPPED("leader stopped with SIGTERM, later returned"),
  FOLLOWER_KILLED("follower killed and returned"),
  FOLLOWERS_DOWN("both followers down and returned"),
  ALL_KILLED("all three killed at once and returned"),
  LEADER_PAUSED("leader paused for 4 s and resumed"),
  LOG_COMPACTED("follower returned after the log was compacted away");

  private final String title;

  Scenario(String title) {
    this.title = title;
  }

  /** As the user names it, from 1. */
  int number() {
    return ordinal() + 1;
  }

  String title() {
    return title;
  }
}
