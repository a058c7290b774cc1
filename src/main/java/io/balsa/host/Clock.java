package io.balsa.host;

/** Time. */
public interface Clock {
  /** Monotonic nanoseconds since some fixed moment; the only time that decisions may use. */
  long nanos();

  /** Milliseconds since 1970 by the wall clock, which may jump: for people to read. */
  long wallMillis();
}
