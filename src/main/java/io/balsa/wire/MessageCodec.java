package io.balsa.wire;

import io.balsa.bytes.ByteReader;
import io.balsa.bytes.ByteWriter;
import io.balsa.bytes.Bytes;
import io.balsa.bytes.Check;
import io.balsa.raft.Configuration;
import io.balsa.raft.Entry;
import io.balsa.raft.LogPosition;
import io.balsa.raft.Message;
import io.balsa.raft.Refusal;
import io.balsa.raft.Snapshot;
import java.util.List;

/** The bytes of a {@link Message}: a kind, the term, the other fields in their order. */
final class MessageCodec {
  private static final int PRE_VOTE = 1;
  private static final int PRE_VOTE_REPLY = 2;
  private static final int REQUEST_VOTE = 3;
  private static final int REQUEST_VOTE_REPLY = 4;
  private static final int APPEND_ENTRIES = 5;
  private static final int APPEND_ENTRIES_REPLY = 6;
  private static final int APPEND_ENTRIES_REJECTED = 7;
  private static final int HEARTBEAT = 8;
  private static final int HEARTBEAT_REPLY = 9;
  private static final int READ_INDEX_REQUEST = 10;
  private static final int READ_INDEX_REPLY = 11;
  private static final int FORWARD_PROPOSALS = 12;
  private static final int FORWARD_REFUSED = 13;
  private static final int TIMEOUT_NOW = 14;
  private static final int INSTALL_SNAPSHOT = 15;
  private static final int INSTALL_SNAPSHOT_REPLY = 16;

  private MessageCodec() {}

  /** About how many bytes a message needs beside a few small fields: the capacity of its array. */
  static int payloadBytes(Message message) {
    long bytes =
        switch (message) {
          case Message.AppendEntries append -> bytesOf(append.entries());
          case Message.ForwardProposals forward ->
              forward.commands().stream().mapToLong(command -> command.size() + 5L).sum();
          case Message.InstallSnapshot install -> install.data().size() + 256L;
          default -> 0;
        };
    return (int) Math.min(bytes, Integer.MAX_VALUE - 64L);
  }

  /** About how many bytes entries need. */
  static long bytesOf(List<Entry> entries) {
    return entries.stream().mapToLong(entry -> entry.payload().size() + 24L).sum();
  }

  static void write(ByteWriter out, Message message) {
    out.u8(kindOf(message));
    out.varint(message.term());
    switch (message) {
      case Message.PreVote(_, LogPosition last) -> writePosition(out, last);
      case Message.PreVoteReply(_, boolean granted) -> out.flag(granted);
      case Message.RequestVote(_, LogPosition last, boolean transfer) -> {
        writePosition(out, last);
        out.flag(transfer);
      }
      case Message.RequestVoteReply(_, boolean granted) -> out.flag(granted);
      case Message.AppendEntries append -> writeAppend(out, append);
      case Message.AppendEntriesReply(_, long matchIndex) -> out.varint(matchIndex);
      case Message.AppendEntriesRejected rejected -> writeRejected(out, rejected);
      case Message.Heartbeat(_, long commitIndex, long round) -> {
        out.varint(commitIndex);
        out.varint(round);
      }
      case Message.HeartbeatReply(_, long round) -> out.varint(round);
      case Message.ReadIndexRequest(_, long id) -> out.varint(id);
      case Message.ReadIndexReply(_, long id, long index) -> {
        out.varint(id);
        out.varint(index);
      }
      case Message.ForwardProposals(_, long batch, List<Bytes> commands) -> {
        out.varint(batch);
        out.list(commands, ByteWriter::bytes);
      }
      case Message.ForwardRefused(_, long batch, Refusal refusal) -> {
        out.varint(batch);
        out.u8(codeOf(refusal));
      }
      case Message.TimeoutNow _ -> {}
      case Message.InstallSnapshot install -> writeInstallSnapshot(out, install);
      case Message.InstallSnapshotReply reply -> writeInstallSnapshotReply(out, reply);
    }
  }

  static Message read(ByteReader<WireFailure> in) throws WireFailure {
    int kind = in.u8();
    long term = in.varint();
    return switch (kind) {
      case PRE_VOTE -> new Message.PreVote(term, position(in));
      case PRE_VOTE_REPLY -> new Message.PreVoteReply(term, in.flag());
      case REQUEST_VOTE -> new Message.RequestVote(term, position(in), in.flag());
      case REQUEST_VOTE_REPLY -> new Message.RequestVoteReply(term, in.flag());
      case APPEND_ENTRIES -> append(in, term);
      case APPEND_ENTRIES_REPLY -> new Message.AppendEntriesReply(term, in.varint());
      case APPEND_ENTRIES_REJECTED ->
          new Message.AppendEntriesRejected(term, in.varint(), position(in), in.flag());
      case HEARTBEAT -> new Message.Heartbeat(term, in.varint(), in.varint());
      case HEARTBEAT_REPLY -> new Message.HeartbeatReply(term, in.varint());
      case READ_INDEX_REQUEST -> new Message.ReadIndexRequest(term, in.varint());
      case READ_INDEX_REPLY -> new Message.ReadIndexReply(term, in.varint(), in.varint());
      case FORWARD_PROPOSALS ->
          new Message.ForwardProposals(term, in.varint(), in.list(ByteReader::bytes));
      case FORWARD_REFUSED -> new Message.ForwardRefused(term, in.varint(), refusal(in));
      case TIMEOUT_NOW -> new Message.TimeoutNow(term);
      case INSTALL_SNAPSHOT -> installSnapshot(in, term);
      case INSTALL_SNAPSHOT_REPLY ->
          new Message.InstallSnapshotReply(term, in.varint(), in.varint(), in.flag());
      default -> throw in.failure("with a message of unknown kind " + kind);
    };
  }

  private static int kindOf(Message message) {
    return switch (message) {
      case Message.PreVote _ -> PRE_VOTE;
      case Message.PreVoteReply _ -> PRE_VOTE_REPLY;
      case Message.RequestVote _ -> REQUEST_VOTE;
      case Message.RequestVoteReply _ -> REQUEST_VOTE_REPLY;
      case Message.AppendEntries _ -> APPEND_ENTRIES;
      case Message.AppendEntriesReply _ -> APPEND_ENTRIES_REPLY;
      case Message.AppendEntriesRejected _ -> APPEND_ENTRIES_REJECTED;
      case Message.Heartbeat _ -> HEARTBEAT;
      case Message.HeartbeatReply _ -> HEARTBEAT_REPLY;
      case Message.ReadIndexRequest _ -> READ_INDEX_REQUEST;
      case Message.ReadIndexReply _ -> READ_INDEX_REPLY;
      case Message.ForwardProposals _ -> FORWARD_PROPOSALS;
      case Message.ForwardRefused _ -> FORWARD_REFUSED;
      case Message.TimeoutNow _ -> TIMEOUT_NOW;
      case Message.InstallSnapshot _ -> INSTALL_SNAPSHOT;
      case Message.InstallSnapshotReply _ -> INSTALL_SNAPSHOT_REPLY;
    };
  }

  /** The entries follow {@code prev} one by one, so that their indexes need not be written. */
  private static void writeAppend(ByteWriter out, Message.AppendEntries append) {
    writePosition(out, append.prev());
    out.varint(append.commitIndex());
    out.flag(append.acknowledged());
    out.varint(append.entries().size());
    long index = append.prev().index();
    for (Entry entry : append.entries()) {
      index++;
      Check.that(entry.index() == index, "entries sent are consecutive");
      writeEntry(out, entry);
    }
  }

  private static void writeRejected(ByteWriter out, Message.AppendEntriesRejected rejected) {
    out.varint(rejected.prevIndex());
    writePosition(out, rejected.hint());
    out.flag(rejected.acknowledged());
  }

  /** An entry without its index. */
  static void writeEntry(ByteWriter out, Entry entry) {
    out.u8(codeOf(entry.kind()));
    out.varint(entry.term());
    out.bytes(entry.payload());
  }

  private static Message append(ByteReader<WireFailure> in, long term) throws WireFailure {
    LogPosition prev = position(in);
    long commitIndex = in.varint();
    boolean acknowledged = in.flag();
    long[] index = {prev.index()};
    List<Entry> entries = in.list(each -> entry(each, ++index[0]));
    return new Message.AppendEntries(term, prev, entries, commitIndex, acknowledged);
  }

  static Entry entry(ByteReader<WireFailure> in, long index) throws WireFailure {
    Entry.Kind kind = entryKind(in);
    return new Entry(index, in.varint(), kind, in.bytes());
  }

  private static void writeInstallSnapshot(ByteWriter out, Message.InstallSnapshot install) {
    writeSnapshot(out, install.snapshot());
    out.varint(install.offset());
    out.flag(install.done());
    out.bytes(install.data());
  }

  private static void writeInstallSnapshotReply(
      ByteWriter out, Message.InstallSnapshotReply reply) {
    out.varint(reply.snapshotIndex());
    out.varint(reply.nextOffset());
    out.flag(reply.installed());
  }

  private static Message installSnapshot(ByteReader<WireFailure> in, long term) throws WireFailure {
    Snapshot snapshot = snapshot(in);
    long offset = in.varint();
    boolean done = in.flag();
    return new Message.InstallSnapshot(term, snapshot, offset, in.bytes(), done);
  }

  private static void writePosition(ByteWriter out, LogPosition position) {
    out.varint(position.index());
    out.varint(position.term());
  }

  private static LogPosition position(ByteReader<WireFailure> in) throws WireFailure {
    return new LogPosition(in.varint(), in.varint());
  }

  private static void writeSnapshot(ByteWriter out, Snapshot snapshot) {
    writePosition(out, snapshot.position());
    out.bytes(snapshot.configuration().encode());
  }

  private static Snapshot snapshot(ByteReader<WireFailure> in) throws WireFailure {
    LogPosition position = position(in);
    Bytes configuration = in.bytes();
    try {
      return new Snapshot(position.index(), position.term(), Configuration.decode(configuration));
    } catch (IllegalArgumentException e) {
      throw in.failure("with a bad " + e.getMessage());
    }
  }

  private static int codeOf(Entry.Kind kind) {
    return switch (kind) {
      case NO_OP -> 0;
      case COMMAND -> 1;
      case CONFIGURATION -> 2;
    };
  }

  private static Entry.Kind entryKind(ByteReader<WireFailure> in) throws WireFailure {
    int code = in.u8();
    return switch (code) {
      case 0 -> Entry.Kind.NO_OP;
      case 1 -> Entry.Kind.COMMAND;
      case 2 -> Entry.Kind.CONFIGURATION;
      default -> throw in.failure("with an entry of unknown kind " + code);
    };
  }

  private static int codeOf(Refusal refusal) {
    return switch (refusal) {
      case NO_LEADER -> 0;
      case NOT_LEADER -> 1;
      case TRANSFERRING -> 2;
      case OVERLOADED -> 3;
    };
  }

  private static Refusal refusal(ByteReader<WireFailure> in) throws WireFailure {
    int code = in.u8();
    return switch (code) {
      case 0 -> Refusal.NO_LEADER;
      case 1 -> Refusal.NOT_LEADER;
      case 2 -> Refusal.TRANSFERRING;
      case 3 -> Refusal.OVERLOADED;
      default -> throw in.failure("with an unknown refusal " + code);
    };
  }
}
