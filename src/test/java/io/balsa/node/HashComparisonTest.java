package io.balsa.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.wire.Frame.StateHash;
import org.junit.jupiter.api.Test;

class HashComparisonTest {
  private final HashComparison comparison = new HashComparison();

  @Test
  void aFollowerThatDiffersIsNamedByItsIndex() {
    comparison.own(1024, 8);
    assertThat(comparison.told(new StateHash(1024, 7))).contains(1024L);
    assertThat(comparison.told(new StateHash(1024, 8))).isEmpty();
  }

  /** What the other said first is kept until there is something to hold it against. */
  @Test
  void kb98WhatCannotBeComparedYetIsNotTakenForEqual() {
    assertThat(comparison.told(new StateHash(2048, 7))).isEmpty();
    comparison.own(1024, 7);
    assertThat(comparison.own(2048, 8)).contains(2048L);
  }
}
