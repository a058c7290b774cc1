package io.balsa.wire;

import io.balsa.bytes.ByteReader;
import io.balsa.bytes.ByteWriter;
import io.balsa.bytes.Bytes;
import io.balsa.raft.Entry;
import java.util.List;

/**
 * The bytes of a {@link Frame}: a version, a kind, the fields, and the CRC32C of all before. A
 * frame with any single wrong bit is refused.
 */
public final class FrameCodec {
  private static final int VERSION = 2;

  private static final int HELLO = 1;
  private static final int WELCOME = 2;
  private static final int REFUSE = 3;
  private static final int RAFT = 4;
  private static final int STATE_HASH = 5;
  private static final int LEASE_QUESTION = 6;
  private static final int LEASE_ANSWER = 7;
  private static final int ENTRIES_QUESTION = 8;
  private static final int ENTRIES_ANSWER = 9;
  private static final int CHALLENGE = 10;
  private static final int CONFIRM = 11;

  private FrameCodec() {}

  /** The bytes that stand for a frame. */
  public static Bytes encode(Frame frame) {
    ByteWriter out = new ByteWriter(capacityFor(frame));
    out.u8(VERSION);
    write(out, frame);
    out.checksum();
    return out.done();
  }

  /**
   * The frame that the bytes stand for; payloads in it are slices of them.
   *
   * @throws WireFailure when they are not a whole, undamaged frame of this version
   */
  public static Frame decode(Bytes bytes) throws WireFailure {
    ByteReader.of("frame", bytes, WireFailure::new).version(VERSION);
    ByteReader<WireFailure> in = ByteReader.checked("frame", bytes, WireFailure::new);
    in.version(VERSION);
    Frame frame = read(in);
    in.end();
    return frame;
  }

  private static int capacityFor(Frame frame) {
    return switch (frame) {
      case Frame.Raft raft -> 64 + MessageCodec.payloadBytes(raft.message());
      case Frame.EntriesAnswer answer -> 64 + (int) MessageCodec.bytesOf(answer.entries());
      case Frame.EntriesQuestion question -> 64 + 5 * question.indexes().size();
      case Frame.Hello _,
          Frame.Challenge _,
          Frame.Confirm _,
          Frame.Welcome _,
          Frame.Refuse _,
          Frame.StateHash _,
          Frame.OfLease _ ->
          64;
    };
  }

  private static void write(ByteWriter out, Frame frame) {
    switch (frame) {
      case Frame.Hello hello -> writeHello(out, hello);
      case Frame.Challenge(long nonce) -> {
        out.u8(CHALLENGE);
        out.fixed64(nonce);
      }
      case Frame.Confirm(long nonce, boolean own) -> {
        out.u8(CONFIRM);
        out.fixed64(nonce);
        out.flag(own);
      }
      case Frame.Welcome welcome -> writeWelcome(out, welcome);
      case Frame.Refuse(String reason) -> {
        out.u8(REFUSE);
        out.text(reason);
      }
      case Frame.Raft raft -> {
        out.u8(RAFT);
        MessageCodec.write(out, raft.message());
      }
      case Frame.StateHash(long index, long hash) -> {
        out.u8(STATE_HASH);
        out.varint(index);
        out.fixed64(hash);
      }
      case Frame.OfLease ofLease -> writeOfLease(out, ofLease);
      case Frame.EntriesQuestion(List<Long> indexes) -> {
        out.u8(ENTRIES_QUESTION);
        out.list(indexes, ByteWriter::varint);
      }
      case Frame.EntriesAnswer answer -> writeEntriesAnswer(out, answer);
    }
  }

  private static void writeHello(ByteWriter out, Frame.Hello hello) {
    out.u8(HELLO);
    out.fixed64(hello.clusterId());
    out.fixed64(hello.from());
    out.fixed64(hello.to());
    out.fixed64(hello.disk());
    out.varint(hello.boot());
    out.u8(codeOf(hello.purpose()));
    out.fixed64(hello.nonce());
  }

  private static void writeWelcome(ByteWriter out, Frame.Welcome welcome) {
    out.u8(WELCOME);
    out.fixed64(welcome.clusterId());
    out.fixed64(welcome.from());
    out.fixed64(welcome.disk());
    out.varint(welcome.boot());
  }

  private static void writeOfLease(ByteWriter out, Frame.OfLease frame) {
    switch (frame) {
      case Frame.LeaseQuestion(long number, long lease, boolean renew) -> {
        out.u8(LEASE_QUESTION);
        out.varint(number);
        out.fixed64(lease);
        out.flag(renew);
      }
      case Frame.LeaseAnswer(long number, long left, long ttl) -> {
        out.u8(LEASE_ANSWER);
        out.varint(number);
        out.varint(left);
        out.varint(ttl);
      }
    }
  }

  private static void writeEntriesAnswer(ByteWriter out, Frame.EntriesAnswer answer) {
    out.u8(ENTRIES_ANSWER);
    out.varint(answer.considered());
    out.list(answer.entries(), FrameCodec::writeEntry);
  }

  private static void writeEntry(ByteWriter out, Entry entry) {
    out.varint(entry.index());
    MessageCodec.writeEntry(out, entry);
  }

  private static Frame read(ByteReader<WireFailure> in) throws WireFailure {
    int kind = in.u8();
    return switch (kind) {
      case HELLO -> hello(in);
      case WELCOME -> new Frame.Welcome(in.fixed64(), in.fixed64(), in.fixed64(), in.varint());
      case REFUSE -> new Frame.Refuse(in.text());
      case RAFT -> new Frame.Raft(MessageCodec.read(in));
      case STATE_HASH -> new Frame.StateHash(in.varint(), in.fixed64());
      case LEASE_QUESTION -> new Frame.LeaseQuestion(in.varint(), in.fixed64(), in.flag());
      case LEASE_ANSWER -> new Frame.LeaseAnswer(in.varint(), in.varint(), in.varint());
      case ENTRIES_QUESTION -> new Frame.EntriesQuestion(in.list(ByteReader::varint));
      case ENTRIES_ANSWER ->
          new Frame.EntriesAnswer(
              in.varint(), in.list(each -> MessageCodec.entry(each, each.varint())));
      case CHALLENGE -> new Frame.Challenge(in.fixed64());
      case CONFIRM -> new Frame.Confirm(in.fixed64(), in.flag());
      default -> throw in.failure("of unknown kind " + kind);
    };
  }

  private static Frame.Hello hello(ByteReader<WireFailure> in) throws WireFailure {
    return new Frame.Hello(
        in.fixed64(),
        in.fixed64(),
        in.fixed64(),
        in.fixed64(),
        in.varint(),
        purpose(in),
        in.fixed64());
  }

  private static int codeOf(Frame.Purpose purpose) {
    return switch (purpose) {
      case URGENT -> 0;
      case BULK -> 1;
      case REPAIR -> 2;
    };
  }

  private static Frame.Purpose purpose(ByteReader<WireFailure> in) throws WireFailure {
    int code = in.u8();
    return switch (code) {
      case 0 -> Frame.Purpose.URGENT;
      case 1 -> Frame.Purpose.BULK;
      case 2 -> Frame.Purpose.REPAIR;
      default -> throw in.failure("with an unknown purpose " + code);
    };
  }
}
