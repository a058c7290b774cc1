package io.balsa.host;

/** Random numbers. */
public interface Dice {
  /** Uniform over the non-negative ints. */
  int nextInt();

  /** Uniform over all longs. */
  long nextLong();
}
