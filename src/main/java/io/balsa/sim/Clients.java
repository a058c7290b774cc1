package io.balsa.sim;

import io.balsa.bytes.Bytes;
import io.balsa.lanes.AnswerRoom;
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

/** The clients: each sends one request after the other to any server, and records the answers. */
final class Clients {
  private static final long MILLISECOND = 1_000_000;
  private static final int REPEATS_MAX = 5;
  private static final long NEVER = Long.MAX_VALUE;

  /** The most time that a request may take while no fault is active. */
  private static final long PROMPT_NANOS = 2_000 * MILLISECOND;

  private final World world;
  private final Scenario scenario;
  private List<SimServer> servers;
  private final SimDice dice;
  private final int operations;
  private boolean calm;
  private final List<CallRecord> asked = new ArrayList<>();
  private final RequestGenerator wishes;
  private final boolean names;

  /** In some runs the period at which all clients send, so that writes form batches; else 1. */
  private final long together;

  private final List<Long> lastSequence = new ArrayList<>();
  private int open;
  private boolean enough;
  private long wellSince = NEVER;

  /** For each client the server that it prefers; null for none. */
  private final List<@Nullable SimServer> favourites = new ArrayList<>();

  Clients(World world, Scenario scenario, List<SimServer> servers, int operations, SimDice dice) {
    this.operations = operations;
    this.world = world;
    this.scenario = scenario;
    this.servers = servers;
    this.dice = dice;
    this.wishes = new RequestGenerator(scenario, dice);
    this.names = dice.chance(0.5);
    this.together = dice.chance(0.4) ? dice.between(20, 300) * MILLISECOND : 1;
  }

  /** All calls, in their order. */
  List<CallRecord> asked() {
    return asked;
  }

  /** The number of calls without an answer. */
  int open() {
    return open;
  }

  /** The number of acknowledged writes. */
  int acknowledged() {
    int count = 0;
    for (CallRecord each : asked) {
      count += each.result instanceof Result.Put ? 1 : 0;
    }
    return count;
  }

  void begin() {
    for (int client = 0; client < scenario.clients(); client++) {
      int self = client;
      lastSequence.add(0L);
      SimDice own = dice.split();
      favourites.add(own.chance(0.5) ? own.pick(servers) : null);
      world.at(world.now() + 500 * MILLISECOND, "client", () -> ask(self, own));
    }
  }

  /** From now on, clients send requests to these servers only. */
  void ask(List<SimServer> core) {
    servers = core;
    calm = true;
  }

  /** Sets since when the servers agree on a leader and are nearly up to date. */
  void allIsWell(long since) {
    wellSince = since;
  }

  void isNotWell() {
    wellSince = NEVER;
  }

  /** Sends one additional request to a server. */
  CallRecord probe(SimServer server, boolean reads) {
    Bytes key = wishes.key(dice);
    CallRecord probe =
        begin(0, reads ? new Call.Get(key, true) : new Call.Put(key, wishes.value()));
    arrivesIfUp(probe, server, dice);
    return probe;
  }

  private void arrivesIfUp(CallRecord call, SimServer server, SimDice own) {
    if (server.isUp()) {
      arrives(call, server, own);
    } else {
      end(call, CallRecord.Ending.REFUSED, null, own);
    }
  }

  /** Writes at a server, and reads at others in the moment of the acknowledgement. */
  void writeThenRead(SimServer writer, List<SimServer> readers) {
    SimDice own = dice.split();
    Bytes key = wishes.key(own);
    CallRecord write = begin(0, new Call.Put(key, wishes.value()));
    write.then =
        () -> {
          if (write.ending == CallRecord.Ending.ANSWERED) {
            readers.forEach(reader -> readOnce(reader, key, own));
          }
        };
    arrivesIfUp(write, writer, own);
  }

  private void readOnce(SimServer reader, Bytes key, SimDice own) {
    CallRecord read = begin(0, new Call.Get(key, true));
    read.then = () -> {};
    arrivesIfUp(read, reader, own);
  }

  /** No client sends requests any more. */
  void enough() {
    enough = true;
  }

  private void ask(int client, SimDice own) {
    if (enough) {
      return;
    }
    if (!calm && asked.size() >= operations) {
      world.at(world.now() + 500 * MILLISECOND, "client", () -> ask(client, own));
      return;
    }
    CallRecord next = begin(client, wishes.draw(own));
    next.write = nameOf(next);
    send(next, own);
  }

  /** In half of the runs, writes have names and can be repeated; half of the names have an age. */
  private WriteId nameOf(CallRecord call) {
    boolean write =
        switch (call.call) {
          case Call.Put _, Call.Delete _, Call.Clear _, Call.Cas _, Call.Pair _, Call.Compact _ ->
              true;
          case Call.Get _, Call.Past _ -> false;
        };
    if (!names || !write) {
      return WriteId.NONE;
    }
    long sequence = lastSequence.get(call.client) + 1;
    lastSequence.set(call.client, sequence);
    long since = call.client % 2; // no write has an age before the first entry
    return new WriteId(call.client + 1, sequence, since);
  }

  private void send(CallRecord call, SimDice own) {
    SimServer server = choose(call.client, own);
    if (!server.isUp()) {
      fails(call, CallRecord.Ending.REFUSED, own);
      return;
    }
    world.at(
        world.now() + wire(own),
        server.host(),
        "asks",
        () -> arrives(call, server, own),
        () -> fails(call, CallRecord.Ending.REFUSED, own));
  }

  /** A call with unknown outcome is repeated if it has a name. */
  private void fails(CallRecord call, CallRecord.Ending how, SimDice own) {
    call.maybeDone |= how == CallRecord.Ending.UNKNOWN;
    if (call.maybeDone && !call.write.equals(WriteId.NONE) && call.repeats < REPEATS_MAX) {
      call.repeats++;
      world.marks().hit(Mark.WRITE_REPEATED);
      long pause = 1 + own.exponential(100 * MILLISECOND);
      world.at(world.now() + pause, "repeats", () -> send(call, own));
    } else {
      end(call, call.maybeDone ? CallRecord.Ending.UNKNOWN : how, null, own);
    }
  }

  /** Sends an answered write again, like a message that arrives twice: the answer must be equal. */
  private void asksAgain(CallRecord call, Result first, SimDice own) {
    SimServer server = own.pick(servers);
    if (!server.isUp()) {
      return;
    }
    Consumer<Outcome> done =
        outcome -> {
          if (outcome instanceof Outcome.Answered(Result again, _)) {
            world.expect(
                isSame(first, again),
                () -> "repeated with another answer: " + call + ", then " + again);
          }
        };
    Runnable arrives =
        () -> {
          Node node = server.node();
          if (node != null) {
            node.propose(
                Caller.SERVER,
                call.write,
                !call.write.equals(WriteId.NONE),
                call.call.command(),
                AnswerRoom.UNBOUNDED,
                done);
          }
        };
    world.at(world.now() + wire(own), server.host(), "asks again", arrives, () -> {});
  }

  /** A refusal is right, too, if the repetition is too late to be remembered. */
  private static boolean isSame(Result first, Result again) {
    return again.equals(first)
        || (again instanceof Result.Refused refused
            && refused.error() == KvError.SEQUENCE_FORGOTTEN);
  }

  private CallRecord begin(int client, Call call) {
    CallRecord next = new CallRecord(client, call, world.now());
    asked.add(next);
    open++;
    return next;
  }

  /** Some clients stay with one server; some follow hints at the leader, which may be wrong. */
  private SimServer choose(int client, SimDice own) {
    SimServer favourite = favourites.get(client);
    SimServer any = own.pick(servers);
    if (favourite != null && servers.contains(favourite) && own.chance(0.8)) {
      return favourite;
    }
    List<SimServer> leaders =
        servers.stream().filter(each -> leads(each.node(), each.id())).toList();
    return leaders.isEmpty() || own.chance(0.7) ? any : own.pick(leaders);
  }

  private static boolean leads(@Nullable Node node, long id) {
    return node != null && node.leader() == id;
  }

  private void arrives(CallRecord call, SimServer server, SimDice own) {
    Node node = server.node();
    if (node == null) {
      fails(call, CallRecord.Ending.REFUSED, own);
      return;
    }
    Consumer<String> lost = _ -> loses(call, own);
    server.waits(lost);
    SimHost host = server.host();
    Consumer<Outcome> done =
        outcome ->
            world.at(
                world.now(),
                host,
                "answers",
                () -> {
                  server.waitsNoMore(lost);
                  world.at(
                      world.now() + wire(own),
                      "answered",
                      () -> answered(call, outcome, server, own));
                },
                null);
    if (call.call instanceof Call.Get get) {
      node.readOwn(Call.range(get.key()), get.linearizable(), done);
    } else if (call.call instanceof Call.Past(Bytes key, long revision)) {
      node.readOwn(Call.range(key, revision), true, done);
    } else {
      node.propose(
          Caller.SERVER,
          call.write,
          !call.write.equals(WriteId.NONE),
          call.call.command(),
          AnswerRoom.UNBOUNDED,
          done);
    }
  }

  private void loses(CallRecord call, SimDice own) {
    world.marks().hit(Mark.ANSWER_LOST_WITH_SERVER);
    world.at(world.now() + wire(own), "lost", () -> fails(call, CallRecord.Ending.UNKNOWN, own));
  }

  private static long wire(SimDice own) {
    return 20_000 + own.exponential(100_000);
  }

  private void answered(CallRecord call, Outcome outcome, SimServer server, SimDice own) {
    switch (outcome) {
      case Outcome.Answered(Result result, _) -> {
        note(call.call, result, server);
        wishes.learn(call.call, result);
        end(call, CallRecord.Ending.ANSWERED, result, own);
        if (!call.write.equals(WriteId.NONE) && own.chance(0.1)) {
          asksAgain(call, result, own);
        }
      }
      case Outcome.Failed(Outcome.Failure failure) -> {
        noteFailure(failure);
        holdPrompt(call, failure, server);
        fails(call, CallRecord.Ending.of(failure), own);
      }
    }
  }

  /** When the cluster has been healthy for long, no read fails, and all servers know the leader. */
  private void holdPrompt(CallRecord call, Outcome.Failure failure, SimServer server) {
    boolean read = call.call instanceof Call.Get || call.call instanceof Call.Past;
    boolean rightly =
        failure == Outcome.Failure.TOO_MANY_REQUESTS
            || !(read || failure == Outcome.Failure.NO_LEADER);
    world.expect(
        rightly || wellSince >= world.now() - PROMPT_NANOS || !servers.contains(server),
        () -> failure + " though healthy since " + Trace.seconds(wellSince) + ": " + call);
  }

  private void note(Call call, Result result, SimServer server) {
    switch (result) {
      case Result.Range range -> {
        if (call instanceof Call.Get get) {
          noteRead(get.linearizable(), range, server);
        }
      }
      case Result.Txn txn when !txn.succeeded() -> world.marks().hit(Mark.COMPARE_FAILED);
      case Result.Refused _ -> world.marks().hit(Mark.COMPACTION_REFUSED);
      case Result.Done _ -> world.marks().hit(Mark.COMPACTED);
      default -> {}
    }
  }

  private void noteRead(boolean linearizable, Result.Range range, SimServer server) {
    Node node = server.node();
    if (linearizable && node != null && node.status().leader() != server.id()) {
      world.marks().hit(Mark.FOLLOWER_SERVED_LINEARIZABLE_READ);
    } else if (!linearizable && range.revision() < wishes.newestRevision()) {
      world.marks().hit(Mark.STALE_SERIALIZABLE_READ);
    }
  }

  private void noteFailure(Outcome.Failure failure) {
    switch (failure) {
      case NO_LEADER, NOT_LEADER -> world.marks().hit(Mark.NO_LEADER_ANSWERED);
      case TOO_MANY_REQUESTS -> world.marks().hit(Mark.TOO_MANY_ANSWERED);
      case TIMED_OUT -> world.marks().hit(Mark.TIMED_OUT_ANSWERED);
      case TIMED_OUT_LEADER_LOST -> world.marks().hit(Mark.LEADER_LOST_ANSWERED);
      case NO_ROOM,
          CANCELLED,
          ANSWER_DROPPED,
          ANSWER_FAILED,
          RESPONSE_TOO_LARGE,
          READ_FAILED,
          STOPPED,
          BAD_TRANSFEREE,
          TRANSFER_TIMED_OUT -> {}
    }
  }

  private void end(CallRecord call, CallRecord.Ending how, @Nullable Result result, SimDice own) {
    if (call.ending != CallRecord.Ending.OPEN) {
      world.breaks("answered twice: " + call);
      return;
    }
    call.ends(how, result, world.now());
    world.trace().note(world.now(), 0, "ended", call);
    open--;
    if (call.then != null) {
      call.then.run();
      return;
    }
    long next = world.now() + 1 + own.exponential(scenario.clientPauseNanos());
    world.at((next / together + 1) * together, "client", () -> ask(call.client, own));
  }
}
