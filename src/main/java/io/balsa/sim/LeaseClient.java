package io.balsa.sim;

import io.balsa.bytes.Bytes;
import io.balsa.model.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * A client that holds leases, with its own keys attached. It keeps some alive for a time, renews
 * some at the last moment, revokes some, and lets some expire.
 */
final class LeaseClient {
  private static final long MILLISECOND = 1_000_000;
  private static final long SECOND = 1_000 * MILLISECOND;
  private static final int HELD_MAX = 4;
  private static final int KEYS = 5;
  private static final long IDS = 1_000_000;

  /** How a lease is renewed. */
  private enum Style {
    NEVER,
    IN_TIME,
    AT_THE_BRINK
  }

  /** A lease that the client believes to hold. */
  private record Held(long lease, long ttl, Style style) {}

  private final World world;
  private final LeaseCalls calls;
  private final SimDice dice;
  private final int number;
  private final long pauseNanos;
  private final long longest;
  private final List<Held> leases = new ArrayList<>();
  private int granted;
  private int values;
  private long ended;
  private boolean enough;

  /** Makes the leader transfer its leadership. */
  private final Runnable move;

  LeaseClient(World world, LeaseCalls calls, int number, Runnable move, SimDice dice) {
    this.move = move;
    this.world = world;
    this.calls = calls;
    this.number = number;
    this.dice = dice;
    this.pauseNanos = (long) dice.logUniform(50 * MILLISECOND, 1_000 * MILLISECOND);
    this.longest = dice.chance(0.7) ? 5 : 20;
  }

  void begin() {
    world.at(world.now() + 500 * MILLISECOND, "lease client", this::step);
  }

  /** Stops all requests, so that the leases of this client expire. */
  void enough() {
    enough = true;
  }

  private void step() {
    if (enough) {
      return;
    }
    world.at(world.now() + 1 + dice.exponential(pauseNanos), "lease client", this::step);
    int kind = dice.below(20);
    if (leases.isEmpty() || (kind < 5 && leases.size() < HELD_MAX)) {
      grant();
    } else if (kind < 10) {
      attach(dice.pick(leases).lease());
    } else if (kind == 10) {
      attach(0);
    } else if (kind < 13) {
      revoke(dice.pick(leases), calls.servers());
    } else if (kind < 16) {
      Held held = dice.pick(leases);
      calls.ask(new LeaseCall.Look(held.lease()), asked -> learn(held, asked));
    } else if (kind < 17) {
      calls.ask(new LeaseCall.All(), _ -> {});
    } else {
      calls.ask(new LeaseCall.Renew(dice.chance(0.3) ? ended : pickOne()), _ -> {});
    }
  }

  private long pickOne() {
    return dice.pick(leases).lease();
  }

  private void grant() {
    granted++;
    long ttl = (long) dice.logUniform(1, longest + 0.9);
    Held held = new Held(number * IDS + granted, ttl, dice.pick(List.of(Style.values())));
    leases.add(held);
    calls.ask(
        new LeaseCall.Grant(held.lease(), ttl),
        asked -> {
          switch (asked.ending) {
            case REFUSED -> leases.remove(held);
            case ANSWERED -> renewLater(held, asked);
            case OPEN, UNKNOWN -> {}
          }
        });
  }

  private void renewLater(Held held, LeaseCallRecord last) {
    long whole = last.promised() * SECOND;
    long pause =
        switch (held.style()) {
          case NEVER -> 0;
          case IN_TIME -> whole / 3;
          // most leases end near that moment, depending on clock rates
          case AT_THE_BRINK ->
              (long) ((double) whole * (dice.chance(0.5) ? 1 : 0.9 + 0.2 * dice.fraction()))
                  + dice.below(100) * MILLISECOND;
        };
    if (pause == 0 && dice.chance(0.2)) {
      // a new leader may log the end that an earlier leader decided
      long moment = last.sentAt + whole + dice.below(100) * MILLISECOND;
      world.at(Math.max(world.now(), moment), "lease client moves", move);
    }
    if (pause != 0 && dice.chance(0.9)) {
      long at = Math.max(world.now(), last.sentAt + pause);
      world.at(at, "lease client renews", () -> renew(held));
    }
  }

  private void renew(Held held) {
    if (enough || !leases.contains(held)) {
      return;
    }
    calls.ask(
        new LeaseCall.Renew(held.lease()),
        asked -> {
          learn(held, asked);
          if (asked.promised() > 0) {
            renewLater(held, asked);
          } else if (asked.ending != CallRecord.Ending.ANSWERED) {
            long pause = 1 + dice.exponential(200 * MILLISECOND);
            world.at(world.now() + pause, "lease client renews", () -> renew(held));
          }
        });
  }

  private void learn(Held held, LeaseCallRecord asked) {
    if (asked.isToldGone()) {
      leases.remove(held);
      ended = held.lease();
    }
  }

  private void attach(long lease) {
    values++;
    Bytes key = Bytes.utf8("l" + number + "-" + dice.below(KEYS));
    Bytes value = Bytes.utf8("l" + number + "-" + values);
    calls.ask(new LeaseCall.Attach(key, value, lease), _ -> {});
  }

  /** Revokes a lease, and renews it at other servers in the moment of the answer. */
  private void revoke(Held held, List<SimServer> others) {
    leases.remove(held);
    ended = held.lease();
    calls.ask(new LeaseCall.Revoke(held.lease()), renewIfDone(held.lease(), others));
  }

  private Consumer<LeaseCallRecord> renewIfDone(long lease, List<SimServer> others) {
    return asked -> {
      if (asked.result instanceof Result.Done) {
        for (SimServer other : others) {
          var _ = calls.ask(new LeaseCall.Renew(lease), other, _ -> {});
          var _ = calls.ask(new LeaseCall.Look(lease), other, _ -> {});
        }
      }
    };
  }

  /** Revokes at a server, and renews at others in the moment of the acknowledgement. */
  void revokeThenRenew(SimServer revoker, List<SimServer> others) {
    if (!leases.isEmpty()) {
      Held held = leases.removeLast();
      ended = held.lease();
      LeaseCall revoke = new LeaseCall.Revoke(held.lease());
      var _ = calls.ask(revoke, revoker, renewIfDone(held.lease(), others));
    }
  }
}
