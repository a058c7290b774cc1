package io.balsa.wire;

import io.balsa.bytes.Bytes;
import io.balsa.model.Alarm;
import io.balsa.model.Caller;
import io.balsa.model.Command;
import io.balsa.model.Compare;
import io.balsa.model.Envelope;
import io.balsa.model.Permission;
import io.balsa.model.Range;
import io.balsa.model.WriteId;
import io.balsa.raft.Configuration;
import io.balsa.raft.Entry;
import io.balsa.raft.LogPosition;
import io.balsa.raft.Message;
import io.balsa.raft.Refusal;
import io.balsa.raft.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

/** Random values of everything that has a format, the same ones for the same seed. */
final class Values {
  private final Random random;

  Values(long seed) {
    random = new Random(seed);
  }

  Frame frame() {
    return switch (random.nextInt(16)) {
      case 0 -> hello();
      case 1 -> new Frame.Welcome(number(), number(), number(), number());
      case 2 -> new Frame.Refuse(text());
      case 3 -> new Frame.StateHash(number(), number());
      case 4 -> new Frame.LeaseQuestion(number(), number(), flag());
      case 5 -> new Frame.LeaseAnswer(number(), number(), number());
      case 6 -> new Frame.EntriesQuestion(list(this::number));
      case 7 -> new Frame.EntriesAnswer(number(), list(() -> entry(number())));
      case 8 -> new Frame.Challenge(number());
      case 9 -> new Frame.Confirm(number(), flag());
      default -> new Frame.Raft(message());
    };
  }

  private Frame.Hello hello() {
    return new Frame.Hello(
        number(), number(), number(), number(), number(), pick(Frame.Purpose.values()), number());
  }

  Message message() {
    return switch (random.nextInt(16)) {
      case 0 -> new Message.PreVote(number(), position());
      case 1 -> new Message.PreVoteReply(number(), flag());
      case 2 -> new Message.RequestVote(number(), position(), flag());
      case 3 -> new Message.RequestVoteReply(number(), flag());
      case 4 -> append();
      case 5 -> new Message.AppendEntriesReply(number(), number());
      case 6 -> new Message.AppendEntriesRejected(number(), number(), position(), flag());
      case 7 -> new Message.Heartbeat(number(), number(), number());
      case 8 -> new Message.HeartbeatReply(number(), number());
      case 9 -> new Message.ReadIndexRequest(number(), number());
      case 10 -> new Message.ReadIndexReply(number(), number(), number());
      case 11 -> new Message.ForwardProposals(number(), number(), list(this::bytes));
      case 12 -> new Message.ForwardRefused(number(), number(), pick(Refusal.values()));
      case 13 -> new Message.TimeoutNow(number());
      case 14 -> new Message.InstallSnapshot(number(), snapshot(), number(), bytes(), flag());
      default -> new Message.InstallSnapshotReply(number(), number(), number(), flag());
    };
  }

  Envelope envelope() {
    Envelope.RequestId request = new Envelope.RequestId(number(), number(), number());
    return new Envelope(request, write(), new Caller(text(), number()), command());
  }

  private WriteId write() {
    return flag() ? new WriteId(number(), number()) : new WriteId(number(), number(), number());
  }

  private Command command() {
    return switch (random.nextInt(14)) {
      case 0 -> put();
      case 1 -> new Command.DeleteRange(bytes(), bytes(), flag());
      case 2 -> txn(0);
      case 3 -> new Command.Compact(number(), flag());
      case 4 -> new Command.SetAlarm(new Alarm(number(), pick(Alarm.Kind.values())), flag());
      case 5 -> new Command.LeaseGrant(number(), number());
      case 6 -> new Command.LeaseRevoke(number());
      case 7 -> new Command.LeaseExpire(number(), number(), number());
      case 9 -> new Command.Sweep(number());
      case 10 -> new Command.BeginHash();
      case 8 -> new Command.LeaseCheckpoint(number(), number(), list(this::deadline));
      case 11 -> new Command.Publish(number(), text(), list(this::text), number());
      default -> ofAuth();
    };
  }

  private Command.OfAuth ofAuth() {
    return switch (random.nextInt(14)) {
      case 0 -> new Command.AuthEnable();
      case 1 -> new Command.AuthDisable();
      case 2 -> new Command.UserAdd(text(), text(), flag());
      case 3 -> new Command.UserDelete(text());
      case 4 -> new Command.UserChangePassword(text(), text());
      case 5 -> new Command.UserGrantRole(text(), text());
      case 6 -> new Command.UserRevokeRole(text(), text());
      case 7 -> new Command.RoleAdd(text());
      case 8 -> new Command.RoleDelete(text());
      case 9 -> new Command.RoleGrantPermission(text(), permission());
      case 10 -> new Command.RoleRevokePermission(text(), bytes(), bytes());
      case 11 -> new Command.TokenAdd(text(), bytes(), number());
      case 12 -> new Command.TokenUsed(bytes());
      default -> new Command.TokenDrop(list(this::bytes));
    };
  }

  private Permission permission() {
    return new Permission(pick(Permission.Kind.values()), bytes(), bytes());
  }

  private Command.LeaseDeadline deadline() {
    return new Command.LeaseDeadline(number(), number(), number());
  }

  private Command.Put put() {
    return new Command.Put(bytes(), bytes(), number(), flag(), flag(), flag());
  }

  private Command.Txn txn(int depth) {
    return new Command.Txn(list(this::compare), list(() -> op(depth)), list(() -> op(depth)));
  }

  private Command.Op op(int depth) {
    return switch (random.nextInt(depth > 3 ? 3 : 4)) {
      case 0 -> range();
      case 1 -> put();
      case 2 -> new Command.DeleteRange(bytes(), bytes(), flag());
      default -> txn(depth + 1);
    };
  }

  private Range range() {
    return new Range(
        bytes(),
        bytes(),
        number(),
        number(),
        pick(Range.SortOrder.values()),
        pick(Range.SortTarget.values()),
        flag(),
        flag(),
        number(),
        number(),
        number(),
        number());
  }

  private Compare compare() {
    return new Compare(bytes(), bytes(), pick(Compare.Relation.values()), operand());
  }

  private Compare.Operand operand() {
    return switch (random.nextInt(5)) {
      case 0 -> new Compare.Operand.Version(number());
      case 1 -> new Compare.Operand.CreateRevision(number());
      case 2 -> new Compare.Operand.ModRevision(number());
      case 3 -> new Compare.Operand.Value(bytes());
      default -> new Compare.Operand.Lease(number());
    };
  }

  private Message append() {
    LogPosition prev = position();
    List<Entry> entries = new ArrayList<>();
    for (int i = random.nextInt(5); i > 0; i--) {
      long index = prev.index() + entries.size() + 1;
      entries.add(entry(index));
    }
    return new Message.AppendEntries(number(), prev, entries, number(), flag());
  }

  private Entry entry(long index) {
    return new Entry(index, number(), pick(Entry.Kind.values()), bytes());
  }

  private LogPosition position() {
    return new LogPosition(number(), number());
  }

  private Snapshot snapshot() {
    Configuration configuration =
        new Configuration(list(this::number), list(this::number), list(this::number));
    return new Snapshot(number(), number(), configuration);
  }

  /** Numbers of every length, negative ones as well. */
  private long number() {
    return random.nextLong() >> random.nextInt(64);
  }

  private boolean flag() {
    return random.nextBoolean();
  }

  private Bytes bytes() {
    byte[] array = new byte[random.nextInt(4) == 0 ? random.nextInt(300) : random.nextInt(12)];
    random.nextBytes(array);
    return Bytes.wrap(array);
  }

  private String text() {
    String letters = "abcñ/:ü€𝄞 ";
    int length = random.nextInt(8);
    int[] points = letters.codePoints().toArray();
    return random
        .ints(length, 0, points.length)
        .mapToObj(i -> Character.toString(points[i]))
        .reduce("", String::concat);
  }

  private <T> T pick(T[] values) {
    return values[random.nextInt(values.length)];
  }

  private <T> List<T> list(Supplier<T> element) {
    List<T> list = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      list.add(element.get());
    }
    return list;
  }
}
