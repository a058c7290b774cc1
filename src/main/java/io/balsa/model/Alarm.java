package io.balsa.model;

/** An alarm that a member has raised. */
public record Alarm(long member, Kind kind) {
  /** What is wrong. */
  public enum Kind {
    /** The store is over its quota. */
    NOSPACE,
    /** Replicas differ. */
    CORRUPT
  }
}
