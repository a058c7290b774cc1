package io.balsa.sim;

import io.balsa.lanes.Outcome;
import io.balsa.model.Result;
import io.balsa.node.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Sends the lease requests of clients to servers, and records the answers. */
final class LeaseCalls {
  private final World world;
  private final SimDice dice;
  private final List<LeaseCallRecord> asked = new ArrayList<>();
  private List<SimServer> servers;
  private int open;
  private long newest;

  LeaseCalls(World world, List<SimServer> servers, SimDice dice) {
    this.world = world;
    this.servers = servers;
    this.dice = dice;
  }

  /** All calls, in their order. */
  List<LeaseCallRecord> asked() {
    return asked;
  }

  /** The number of calls without an answer. */
  int open() {
    return open;
  }

  /** The servers that get requests. */
  List<SimServer> servers() {
    return servers;
  }

  /** From now on, requests go to these servers only. */
  void ask(List<SimServer> core) {
    servers = core;
  }

  /** Sends a request to a random server. */
  void ask(LeaseCall call, Consumer<LeaseCallRecord> then) {
    var _ = ask(call, dice.pick(servers), then);
  }

  /** Sends a request to one server. */
  LeaseCallRecord ask(LeaseCall call, SimServer server, Consumer<LeaseCallRecord> then) {
    LeaseCallRecord next = new LeaseCallRecord(call, world.now(), newest, then);
    asked.add(next);
    open++;
    Runnable refused = () -> ends(next, CallRecord.Ending.REFUSED, null);
    if (server.isUp()) {
      Runnable arrives = () -> arrives(next, server);
      world.at(world.now() + wire(), server.host(), "asks of a lease", arrives, refused);
    } else {
      world.at(world.now() + wire(), "refused of a lease", refused);
    }
    return next;
  }

  private long wire() {
    return 20_000 + dice.exponential(100_000);
  }

  private void arrives(LeaseCallRecord call, SimServer server) {
    Node node = server.node();
    if (node == null) {
      ends(call, CallRecord.Ending.REFUSED, null);
      return;
    }
    Consumer<String> lost =
        _ ->
            world.at(
                world.now() + wire(),
                "lost of a lease",
                () -> ends(call, CallRecord.Ending.UNKNOWN, null));
    server.waits(lost);
    SimHost host = server.host();
    call.call.ask(
        node,
        outcome ->
            world.at(
                world.now(),
                host,
                "answers of a lease",
                () -> {
                  server.waitsNoMore(lost);
                  world.at(
                      world.now() + wire(), "answered of a lease", () -> answered(call, outcome));
                },
                null));
  }

  private void answered(LeaseCallRecord call, Outcome outcome) {
    switch (outcome) {
      case Outcome.Answered(Result result, _) -> {
        newest = Math.max(newest, result.revision());
        ends(call, CallRecord.Ending.ANSWERED, result);
      }
      case Outcome.Failed(Outcome.Failure failure) ->
          ends(call, CallRecord.Ending.of(failure), null);
    }
  }

  private void ends(LeaseCallRecord call, CallRecord.Ending how, @Nullable Result result) {
    if (call.ending != CallRecord.Ending.OPEN) {
      world.breaks("answered twice: " + call);
      return;
    }
    call.ends(how, result, world.now());
    world.trace().note(world.now(), 0, "ended", call);
    open--;
    call.then.accept(call);
  }
}
