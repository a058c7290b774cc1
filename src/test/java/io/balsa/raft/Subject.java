package io.balsa.raft;

import io.balsa.bytes.Bytes;
import io.balsa.raft.Message.AppendEntries;
import io.balsa.raft.Message.AppendEntriesReply;
import io.balsa.raft.Message.PreVoteReply;
import io.balsa.raft.Message.RequestVoteReply;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

/** The {@link Raft} of server 1 alone; the test makes all inputs. */
final class Subject {
  static final int ELECTION_TICKS = 10;
  static final int HEARTBEAT_TICKS = 2;

  final Raft raft;

  private Subject(RaftConfig config, Recovered recovered) {
    raft = new Raft(config, recovered);
  }

  static RaftConfig config() {
    return RaftConfig.defaults(1).withTicks(ELECTION_TICKS, HEARTBEAT_TICKS);
  }

  static Configuration voters(int count) {
    return Configuration.of(LongStream.rangeClosed(1, count).boxed().toList());
  }

  /** A new server in a cluster of a number of voters. */
  static Subject of(int servers) {
    return new Subject(config(), Recovered.empty(voters(servers)));
  }

  static Subject of(RaftConfig config, Recovered recovered) {
    return new Subject(config, recovered);
  }

  /** A server of three that recovered a log of which nothing is applied. */
  static Subject withLog(long term, Entry... entries) {
    List<Entry> log = Arrays.asList(entries);
    List<LogPosition> terms = new ArrayList<>();
    for (Entry entry : log) {
      if (terms.isEmpty() || terms.getLast().term() != entry.term()) {
        terms.add(entry.position());
      }
    }
    return new Subject(
        config(),
        new Recovered(
            term,
            0,
            new Snapshot(0, 0, voters(3)),
            terms,
            List.of(),
            log,
            log.getLast().position(),
            0));
  }

  /** The follower of server 2 in term 1, with that leader's first entry durable and committed. */
  static Subject follower() {
    Subject subject = of(3);
    subject.receive(2, append(1, LogPosition.ZERO, 1, noOp(1, 1)));
    subject.persisted(1);
    return subject;
  }

  /** The leader of term 1, whose first entry all servers have; its next write has number 3. */
  static Subject leader(int servers) {
    Subject subject = candidate(servers);
    for (long id = 2; id <= servers; id++) {
      subject.receive(id, new RequestVoteReply(1, true));
    }
    subject.persisted(2);
    for (long id = 2; id <= servers; id++) {
      subject.receive(id, new AppendEntriesReply(1, 1));
    }
    return subject;
  }

  /** A candidate of term 1 whose own vote is durable. */
  static Subject candidate(int servers) {
    Subject subject = of(servers);
    subject.ticks(ELECTION_TICKS);
    for (long id = 2; id <= servers; id++) {
      subject.receive(id, new PreVoteReply(1, true));
    }
    subject.persisted(1);
    return subject;
  }

  List<Effect> step(Input input) {
    List<Effect> effects = raft.step(input);
    raft.verify();
    return effects;
  }

  List<Effect> receive(long from, Message message) {
    return step(new Input.Receive(from, message));
  }

  List<Effect> persisted(long number) {
    return step(new Input.Persisted(number));
  }

  List<Effect> propose(long batch, String... commands) {
    return step(new Input.Propose(batch, Arrays.stream(commands).map(Bytes::utf8).toList()));
  }

  /** Ticks with random number 0, so that every random wait is the shortest. */
  List<Effect> ticks(int count) {
    List<Effect> effects = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      effects.addAll(step(new Input.Tick(0)));
    }
    return effects;
  }

  RaftStatus status() {
    return raft.status();
  }

  static Entry noOp(long index, long term) {
    return new Entry(index, term, Entry.Kind.NO_OP, Bytes.EMPTY);
  }

  static Entry command(long index, long term, String text) {
    return new Entry(index, term, Entry.Kind.COMMAND, Bytes.utf8(text));
  }

  static LogPosition at(long index, long term) {
    return new LogPosition(index, term);
  }

  static AppendEntries append(long term, LogPosition prev, long commit, Entry... entries) {
    return new AppendEntries(term, prev, List.of(entries), commit, false);
  }

  /** As {@link #append}, but it asks again for an acknowledged place. */
  static AppendEntries probe(long term, LogPosition prev, long commit, Entry... entries) {
    return new AppendEntries(term, prev, List.of(entries), commit, true);
  }

  static Effect.Send send(long to, Message message) {
    return new Effect.Send(0, to, message);
  }

  static Effect.Send sendAfter(long number, long to, Message message) {
    return new Effect.Send(number, to, message);
  }
}
