package io.balsa.sim;

import io.balsa.host.Dice;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A stream of random numbers from a seed. Every part of the world has its own stream, so that its
 * draws do not change those of other parts.
 */
final class SimDice implements Dice {
  private final SplittableRandom random;

  SimDice(long seed) {
    this(new SplittableRandom(seed));
  }

  private SimDice(SplittableRandom random) {
    this.random = random;
  }

  SimDice split() {
    return new SimDice(random.split());
  }

  @Override
  public int nextInt() {
    return random.nextInt() & Integer.MAX_VALUE;
  }

  @Override
  public long nextLong() {
    return random.nextLong();
  }

  /** Uniform in {@code [0, bound)}. */
  int below(int bound) {
    return random.nextInt(bound);
  }

  /** Uniform in {@code [from, to]}. */
  long between(long from, long to) {
    return random.nextLong(from, to + 1);
  }

  double fraction() {
    return random.nextDouble();
  }

  boolean chance(double probability) {
    return random.nextDouble() < probability;
  }

  /** Log-uniform between two bounds: every order of magnitude is equally likely. */
  double logUniform(double from, double to) {
    return from * Math.pow(to / from, random.nextDouble());
  }

  /** Exponentially distributed, with a mean. */
  long exponential(long mean) {
    return (long) (-Math.log(1 - random.nextDouble()) * (double) mean);
  }

  <T> T pick(List<T> choices) {
    return choices.get(below(choices.size()));
  }
}
