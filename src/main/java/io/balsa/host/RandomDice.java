package io.balsa.host;

import java.security.SecureRandom;
import java.util.SplittableRandom;

/**
 * Random numbers that differ between processes; from any thread. The longs cannot be guessed from
 * earlier ones.
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
