package io.balsa.host;

import java.security.SecureRandom;
import java.util.SplittableRandom;

/**
 * Random numbers that no two processes share; from any thread. The long ones nobody can guess who
 * has seen others.
 */
public final class RandomDice implements Dice {
  private final SecureRandom secure = new SecureRandom();
  private final SplittableRandom random = new SplittableRandom(secure.nextLong());

  @Override
  public synchronized int nextInt() {
    return random.nextInt() >>> 1;
  }

  @Override
  public long nextLong() {
    return secure.nextLong();
  }
}
