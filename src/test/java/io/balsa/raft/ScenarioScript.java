package io.balsa.raft;

import io.balsa.bytes.Bytes;
import io.balsa.raft.Message.RequestVote;
import io.balsa.raft.TestCluster.Letter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Runs the commands of a scenario file and returns the transcript of each.
 *
 * <pre>
 * servers 3 [learners=1] [message=N inflight=N uncommitted=N recent=N unapplied=N chunk=N]
 * elect S            ticks until S asks for an election, then settles
 * tick S [COUNT] [DICE]
 * propose S TEXT…    one batch
 * read S
 * deliver F T [N]    the messages on their way from F to T; default: all
 * lose F T           | hold F T | release F T | double F T
 * force S [WRITES] | apply S | load S
 * settle             deliver, force and apply until nothing is left to do
 * crash S | restart S | suspect S PEER | connected S PEER | cut F T | join
 * stall S | recover S | transfer S TARGET | compact S
 * vote F T TERM INDEX.TERM [transfer]
 * status [S…]        one line for each
 * </pre>
 *
 * A command after {@code quietly} has no transcript except its status.
 */
final class ScenarioScript {
  private @Nullable TestCluster running;
  private final List<Letter> held = new ArrayList<>();
  private long batches;

  /** Runs a command; returns one line of transcript for each effect. */
  List<String> run(String line) {
    boolean quietly = line.startsWith("quietly ");
    String[] words = line.replaceFirst("^quietly ", "").trim().split(" +", -1);
    if (words[0].equals("servers")) {
      running = cluster(words);
      return List.of();
    }
    TestCluster cluster = cluster();
    cluster.recording = !quietly;
    cluster.transcript.clear();
    carryOut(cluster, words);
    return List.copyOf(cluster.transcript);
  }

  private TestCluster cluster() {
    return TestCluster.present(running, "a scenario begins with its servers");
  }

  private static TestCluster cluster(String[] words) {
    int count = Integer.parseInt(words[1]);
    int learners = (int) option(words, "learners", 0);
    List<Long> ids = new ArrayList<>();
    for (long id = 1; id <= count + learners; id++) {
      ids.add(id);
    }
    var configuration =
        new Configuration(ids.subList(0, count), List.of(), ids.subList(count, ids.size()));
    int message = (int) option(words, "message", 1000);
    RaftConfig bounds =
        RaftConfig.defaults(1)
            .withTicks(10, 2)
            .withMessageBytes(message)
            .withInflightMessages((int) option(words, "inflight", 4))
            .withInflightBytes(10L * message)
            .withUncommittedBytes(option(words, "uncommitted", 1000))
            .withUnappliedBytes(option(words, "unapplied", 1000))
            .withRecentBytes(option(words, "recent", 1000))
            .withChunkBytes((int) option(words, "chunk", 16));
    return new TestCluster(1, configuration, bounds);
  }

  private static long option(String[] words, String name, long otherwise) {
    return Arrays.stream(words)
        .filter(word -> word.startsWith(name + "="))
        .mapToLong(word -> Long.parseLong(word.substring(name.length() + 1)))
        .findFirst()
        .orElse(otherwise);
  }

  private void carryOut(TestCluster cluster, String[] words) {
    switch (words[0]) {
      case "elect" -> elect(cluster, server(words, 1));
      case "settle" -> cluster.settle();
      case "status" -> status(cluster, words);
      case "tick" -> tick(server(words, 1), number(words, 2, 1), (int) number(words, 3, 0));
      case "propose" -> propose(server(words, 1), Arrays.copyOfRange(words, 2, words.length));
      case "read" -> cluster.read(server(words, 1));
      case "force" -> server(words, 1).force((int) number(words, 2, Integer.MAX_VALUE));
      case "apply" -> server(words, 1).apply(Integer.MAX_VALUE);
      case "load" -> load(server(words, 1));
      case "deliver", "lose", "hold", "release", "double" -> letters(cluster, words);
      default -> fault(cluster, words);
    }
  }

  private void fault(TestCluster cluster, String[] words) {
    switch (words[0]) {
      case "cut" -> cluster.cut(number(words, 1, 0), number(words, 2, 0));
      case "join" -> cluster.cutLinks.clear();
      case "crash" -> crash(cluster, server(words, 1));
      case "restart" -> server(words, 1).restart();
      case "suspect" -> server(words, 1).step(new Input.Suspect(number(words, 2, 0)));
      case "connected" -> server(words, 1).step(new Input.Connected(number(words, 2, 0)));
      case "stall" -> server(words, 1).step(new Input.DiskStalled());
      case "recover" -> server(words, 1).step(new Input.DiskRecovered());
      case "transfer" -> server(words, 1).step(new Input.TransferLeadership(number(words, 2, 0)));
      case "compact" -> compact(server(words, 1));
      case "vote" -> vote(words);
      default -> throw new IllegalArgumentException("no such command: " + words[0]);
    }
  }

  private TestServer server(String[] words, int at) {
    return cluster().server(number(words, at, 0));
  }

  private static long number(String[] words, int at, long otherwise) {
    return at < words.length ? Long.parseLong(words[at]) : otherwise;
  }

  private static void elect(TestCluster cluster, TestServer server) {
    while (TestCluster.status(server).role() == Role.FOLLOWER) {
      tick(server, 1, 0);
    }
    cluster.settle();
  }

  private static void tick(TestServer server, long count, int dice) {
    for (long i = 0; i < count; i++) {
      server.step(new Input.Tick(dice));
    }
  }

  private void propose(TestServer server, String[] texts) {
    server.step(new Input.Propose(++batches, Arrays.stream(texts).map(Bytes::utf8).toList()));
  }

  private static void load(TestServer server) {
    while (!server.answers.isEmpty()) {
      server.step(server.answers.remove());
    }
  }

  private void letters(TestCluster cluster, String[] words) {
    Predicate<Letter> meant =
        letter -> letter.from() == number(words, 1, 0) && letter.to() == number(words, 2, 0);
    List<Letter> from = words[0].equals("release") ? held : cluster.network;
    List<Letter> letters =
        from.stream().filter(meant).limit(number(words, 3, Long.MAX_VALUE)).toList();
    letters.forEach(from::remove);
    switch (words[0]) {
      case "deliver" -> letters.forEach(letter -> deliver(cluster, letter));
      case "hold" -> held.addAll(letters);
      case "release" -> cluster.network.addAll(letters);
      case "double" -> {
        cluster.network.addAll(letters);
        cluster.network.addAll(letters);
      }
      default -> {}
    }
  }

  private static void deliver(TestCluster cluster, Letter letter) {
    cluster.server(letter.to()).step(new Input.Receive(letter.from(), letter.message()));
  }

  private static void crash(TestCluster cluster, TestServer server) {
    server.crash();
    cluster.forgetReads(server);
  }

  private static void compact(TestServer server) {
    server.flush();
    server.compact();
  }

  private void vote(String[] words) {
    String[] last = words[4].split("\\.", 2);
    var place = new LogPosition(Long.parseLong(last[0]), Long.parseLong(last[1]));
    boolean transfer = words.length > 5;
    server(words, 2)
        .step(
            new Input.Receive(
                number(words, 1, 0), new RequestVote(number(words, 3, 0), place, transfer)));
  }

  private static void status(TestCluster cluster, String[] words) {
    for (TestServer server : cluster.servers) {
      boolean meant = words.length == 1 || Arrays.asList(words).contains("" + server.id);
      if (meant) {
        cluster.transcript.add(server.id + ": " + describe(server));
      }
    }
  }

  private static String describe(TestServer server) {
    if (server.raft == null) {
      return "down";
    }
    RaftStatus status = TestCluster.status(server);
    StringBuilder text = new StringBuilder();
    text.append(status.role()).append(" term=").append(status.term());
    text.append(" leader=").append(status.leader()).append(" log=").append(status.first());
    text.append("..").append(status.last().index()).append('.').append(status.last().term());
    text.append(" durable=").append(status.durableIndex());
    text.append(" commit=").append(status.commitIndex());
    text.append(" applied=").append(server.machine.position().index());
    for (RaftStatus.Follower follower : status.followers()) {
      text.append(' ').append(follower.id()).append('=').append(follower.state());
      text.append('(').append(follower.matchIndex()).append(',').append(follower.nextIndex());
      text.append(')');
    }
    return text.toString();
  }
}
