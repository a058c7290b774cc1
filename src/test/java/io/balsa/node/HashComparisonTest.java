package io.balsa.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.wire.Frame.StateHash;
import org.junit.jupiter.api.Test;

/** A difference between replicas is found, also when one is ahead of the other. */
class HashComparisonTest {
  private final HashComparison hashes = new HashComparison();

  @Test
  void aFollowerThatIsBehind() {
    assertThat(hashes.own(new StateHash(1_024, 7))).isEmpty();
    assertThat(hashes.ofFollower(new StateHash(1_024, 7))).isEmpty();
    assertThat(hashes.ofFollower(new StateHash(1_024, 8))).contains(1_024L);
  }

  @Test
  void aFollowerThatIsAhead() {
    assertThat(hashes.ofFollower(new StateHash(1_024, 8))).isEmpty();
    assertThat(hashes.own(new StateHash(1_024, 7))).contains(1_024L);
  }

  @Test
  void twoThatAreAheadAndDifferFromEachOther() {
    assertThat(hashes.ofFollower(new StateHash(1_024, 8))).isEmpty();
    assertThat(hashes.ofFollower(new StateHash(1_024, 7))).contains(1_024L);
    assertThat(hashes.own(new StateHash(1_024, 7))).isEmpty();
  }

  /** What the other said first is kept until there is something to hold it against. */
  @Test
  void kb98WhatCannotBeComparedYetIsNotTakenForEqual() {
    assertThat(hashes.ofFollower(new StateHash(2_048, 7))).isEmpty();
    hashes.own(new StateHash(1_024, 7));
    assertThat(hashes.own(new StateHash(2_048, 8))).contains(2_048L);
  }
}
