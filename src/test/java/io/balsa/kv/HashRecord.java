package io.balsa.kv;

import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.model.HashKv;
import io.balsa.model.Result;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * All hashes that replicas of one history have answered. A hash from one compact revision to one
 * revision is the same at every replica and at every time, kept or read.
 */
final class HashRecord {
  private final Map<Extent, Integer> hashes = new HashMap<>();

  private record Extent(long from, long to) {}

  void add(HashKv hash) {
    if (hash.outcome() instanceof Result.Done) {
      Extent extent = new Extent(hash.compactRevision(), hash.hashRevision());
      int first = Objects.requireNonNullElse(hashes.putIfAbsent(extent, hash.hash()), hash.hash());
      assertThat(hash.hash()).as(extent::toString).isEqualTo(first);
    }
  }
}
