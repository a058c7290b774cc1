package io.balsa.sim;

import io.balsa.lanes.Outcome;
import io.balsa.model.Result;
import io.balsa.node.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Brings what clients ask about leases to servers and back, and notes it. */
final class LeaseCalls {
  private final World world;
  private final SimDice dice;
  private final List<LeaseAsked> asked = new ArrayList<>();
  private List<SimServer> servers;
  private int open;
  private long newest;

  LeaseCalls(World world, List<SimServer> servers, SimDice dice) {
    this.world = world;
    this.servers = servers;
    this.dice = dice;
  }

  /** Everything that was asked, in the order of the calls. */
  List<LeaseAsked> asked() {
    return asked;
  }

  /** How many wait for an answer. */
  int open() {
    return open;
  }

  /** Who is asked. */
  List<SimServer> servers() {
    return servers;
  }

  /** From now on only these are asked. */
  void ask(List<SimServer> core) {
    servers = core;
  }

  /** Asks any server. */
  void ask(LeaseCall call, Consumer<LeaseAsked> then) {
    var _ = ask(call, dice.pick(servers), then);
  }

  /** Asks one server. */
  LeaseAsked ask(LeaseCall call, SimServer server, Consumer<LeaseAsked> then) {
    LeaseAsked next = new LeaseAsked(call, world.now(), newest, then);
    asked.add(next);
    open++;
    Runnable refused = () -> ends(next, Asked.Ending.REFUSED, null);
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

  private void arrives(LeaseAsked call, SimServer server) {
    Node node = server.node();
    if (node == null) {
      ends(call, Asked.Ending.REFUSED, null);
      return;
    }
    Consumer<String> lost =
        _ ->
            world.at(
                world.now() + wire(),
                "lost of a lease",
                () -> ends(call, Asked.Ending.UNKNOWN, null));
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

  private void answered(LeaseAsked call, Outcome outcome) {
    switch (outcome) {
      case Outcome.Answered(Result result, _) -> {
        newest = Math.max(newest, result.revision());
        ends(call, Asked.Ending.ANSWERED, result);
      }
      case Outcome.Failed(Outcome.Failure failure) -> ends(call, Clients.endingOf(failure), null);
    }
  }

  private void ends(LeaseAsked call, Asked.Ending how, @Nullable Result result) {
    if (call.ending != Asked.Ending.OPEN) {
      world.breaks("answered twice: " + call);
      return;
    }
    call.ends(how, result, world.now());
    world.trace().note(world.now(), 0, "ended", call);
    open--;
    call.then.accept(call);
  }
}
