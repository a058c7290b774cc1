package io.balsa.house.bad.host;

import io.balsa.house.bad.raft.Offender;

/** Knows a room below its own, and so closes a cycle. */
public final class Machine {
  final Offender offender = new Offender();
}
