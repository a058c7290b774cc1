package io.balsa.api;

import com.google.protobuf.ByteString;
import java.util.List;
import java.util.Random;

/** A random number generator with a few words. */
final class Die {
  private final Random random;

  Die(long seed) {
    random = new Random(seed);
  }

  boolean chance(int percent) {
    return random.nextInt(100) < percent;
  }

  int upTo(int bound) {
    return random.nextInt(bound);
  }

  <T> T one(List<T> of) {
    return of.get(random.nextInt(of.size()));
  }

  ByteString text(List<String> of) {
    return ByteString.copyFromUtf8(one(of));
  }
}
