package io.balsa.sim;

import io.balsa.lanes.Outcome;
import io.balsa.model.Caller;
import io.balsa.model.KvError;
import io.balsa.model.Result;
import io.balsa.model.WriteId;
import io.balsa.node.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Sends the requests of users to servers, and records the answers. */
final class UserCalls {
  /** Above the numbers of all other clients that name their writes. */
  private static final long WRITER = 1_000_000;

  private final World world;
  private final SimDice dice;
  private final List<UserCallRecord> asked = new ArrayList<>();
  private List<SimServer> servers;
  private int open;
  private long sequence;

  UserCalls(World world, List<SimServer> servers, SimDice dice) {
    this.world = world;
    this.servers = servers;
    this.dice = dice;
  }

  /** All calls, in their order. */
  List<UserCallRecord> asked() {
    return asked;
  }

  /** The number of calls without an answer. */
  int open() {
    return open;
  }

  /** From now on, requests go to these servers only. */
  void ask(List<SimServer> core) {
    servers = core;
  }

  /** Who a user is by the rights at a server; an earlier login when the server is down. */
  Caller login(String user, @Nullable Caller before) {
    Node node = dice.pick(servers).node();
    if (node == null && before != null) {
      return before;
    }
    long revision = node == null ? 1 : node.auth().revision();
    return user.isEmpty() ? Caller.nobody(revision) : Caller.of(user, revision);
  }

  /** Sends a request to a random server. */
  void ask(UserCall call, Caller caller, Consumer<UserCallRecord> then) {
    sequence++;
    WriteId write = call instanceof UserCall.Change ? new WriteId(WRITER, sequence) : WriteId.NONE;
    UserCallRecord next = new UserCallRecord(call, caller, write, world.now());
    asked.add(next);
    open++;
    SimServer server = dice.pick(servers);
    Runnable refused = () -> ends(next, CallRecord.Ending.REFUSED, null, then);
    if (server.isUp()) {
      Runnable arrives = () -> arrives(next, server, then);
      world.at(world.now() + wire(), server.host(), "asks as user", arrives, refused);
    } else {
      world.at(world.now() + wire(), "refused to user", refused);
    }
  }

  private long wire() {
    return 20_000 + dice.exponential(100_000);
  }

  private void arrives(UserCallRecord call, SimServer server, Consumer<UserCallRecord> then) {
    Node node = server.node();
    if (node == null) {
      ends(call, CallRecord.Ending.REFUSED, null, then);
      return;
    }
    Consumer<String> lost =
        _ ->
            world.at(
                world.now() + wire(),
                "lost to user",
                () -> ends(call, CallRecord.Ending.UNKNOWN, null, then));
    server.waits(lost);
    SimHost host = server.host();
    call.call.ask(
        node,
        call.caller,
        call.write,
        outcome ->
            world.at(
                world.now(),
                host,
                "answers user",
                () -> {
                  server.waitsNoMore(lost);
                  world.at(
                      world.now() + wire(),
                      "answered to user",
                      () -> answered(call, outcome, then));
                },
                null));
  }

  private void answered(UserCallRecord call, Outcome outcome, Consumer<UserCallRecord> then) {
    switch (outcome) {
      case Outcome.Answered(Result result, _) -> {
        note(call, result);
        ends(call, CallRecord.Ending.ANSWERED, result, then);
      }
      case Outcome.Failed(Outcome.Failure failure) ->
          ends(call, CallRecord.Ending.of(failure), null, then);
    }
  }

  private void note(UserCallRecord call, Result result) {
    if (result instanceof Result.Refused(_, KvError error)) {
      if (error == KvError.AUTH_OLD_REVISION) {
        world.marks().hit(Mark.USER_OF_OLD_PASSWORD);
      } else if (error == KvError.PERMISSION_DENIED) {
        boolean reads = call.call instanceof UserCall.Look;
        world.marks().hit(reads ? Mark.USER_READ_DENIED : Mark.USER_WRITE_DENIED);
      }
    }
  }

  private void ends(
      UserCallRecord call,
      CallRecord.Ending how,
      @Nullable Result result,
      Consumer<UserCallRecord> then) {
    if (call.ending != CallRecord.Ending.OPEN) {
      world.breaks("answered twice: " + call);
      return;
    }
    call.ends(how, result, world.now());
    world.trace().note(world.now(), 0, "ended", call);
    open--;
    then.accept(call);
  }
}
