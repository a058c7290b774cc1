package io.balsa.host;

import java.security.SecureRandom;
import java.util.SplittableRandom;

/** Random numbers that no two processes share; from any thread. */
public final class RandomDice implements Dice {
  private final SplittableRandom random = new SplittableRandom(new SecureRandom().nextLong());

  @Override
  public synchronized int nextInt() {
    return random.nextInt() >>> 1;
  }

  @Override
  public synchronized long nextLong() {
    return random.nextLong();
  }
}
