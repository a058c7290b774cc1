package io.balsa.wire;

import io.balsa.bytes.ByteReader;
import io.balsa.bytes.ByteWriter;
import io.balsa.model.Alarm;
import io.balsa.model.Command;
import io.balsa.model.Command.Op;
import io.balsa.model.Range;

/** The bytes of a {@link Command} and of the operations in a transaction: a kind, the fields. */
final class CommandCodec {
  private static final int PUT = 1;
  private static final int DELETE_RANGE = 2;
  private static final int TXN = 3;
  private static final int COMPACT = 4;
  private static final int SET_ALARM = 5;
  private static final int PUBLISH = 6;
  private static final int RANGE = 7;
  private static final int LEASE_GRANT = 8;
  private static final int LEASE_REVOKE = 9;
  private static final int LEASE_EXPIRE = 10;
  private static final int LEASE_CHECKPOINT = 11;
  private static final int SET_QUOTA = 12;
  private static final int SWEEP = 13;
  private static final int BEGIN_HASH = 14;

  private CommandCodec() {}

  static void write(ByteWriter out, Command command) {
    switch (command) {
      case Command.Put put -> writePut(out, put);
      case Command.DeleteRange delete -> writeDelete(out, delete);
      case Command.Txn txn -> writeTxn(out, txn, 1);
      case Command.Compact compact -> {
        out.u8(COMPACT);
        out.varint(compact.revision());
        out.flag(compact.physical());
      }
      case Command.SetAlarm set -> {
        out.u8(SET_ALARM);
        out.fixed64(set.alarm().member());
        out.u8(codeOf(set.alarm().kind()));
        out.flag(set.active());
      }
      case Command.SetQuota(long quota) -> {
        out.u8(SET_QUOTA);
        out.varint(quota);
      }
      case Command.Sweep(long tombstone) -> {
        out.u8(SWEEP);
        out.varint(tombstone);
      }
      case Command.BeginHash _ -> out.u8(BEGIN_HASH);
      case Command.Publish publish -> {
        out.u8(PUBLISH);
        out.fixed64(publish.member());
        out.text(publish.name());
        out.list(publish.clientUrls(), ByteWriter::text);
        out.fixed64(publish.disk());
      }
      case Command.OfLease lease -> writeOfLease(out, lease);
      case Command.OfAuth auth -> AuthCodec.write(out, auth);
    }
  }

  private static void writeOfLease(ByteWriter out, Command.OfLease command) {
    switch (command) {
      case Command.LeaseGrant(long id, long ttl) -> {
        out.u8(LEASE_GRANT);
        out.fixed64(id);
        out.varint(ttl);
      }
      case Command.LeaseRevoke(long id) -> {
        out.u8(LEASE_REVOKE);
        out.fixed64(id);
      }
      case Command.LeaseExpire(long term, long id, long grant) -> {
        out.u8(LEASE_EXPIRE);
        out.varint(term);
        out.fixed64(id);
        out.varint(grant);
      }
      case Command.LeaseCheckpoint checkpoint -> {
        out.u8(LEASE_CHECKPOINT);
        out.varint(checkpoint.term());
        out.varint(checkpoint.clock());
        out.list(checkpoint.deadlines(), CommandCodec::writeDeadline);
      }
    }
  }

  private static void writeDeadline(ByteWriter out, Command.LeaseDeadline deadline) {
    out.fixed64(deadline.id());
    out.varint(deadline.grant());
    out.varint(deadline.deadline());
  }

  private static Command.LeaseDeadline deadline(ByteReader<WireFailure> in) throws WireFailure {
    return new Command.LeaseDeadline(in.fixed64(), in.varint(), in.varint());
  }

  static Command read(ByteReader<WireFailure> in) throws WireFailure {
    int kind = in.u8();
    return switch (kind) {
      case PUT -> put(in);
      case DELETE_RANGE -> delete(in);
      case TXN -> txn(in, 1);
      case SWEEP -> new Command.Sweep(in.varint());
      case BEGIN_HASH -> new Command.BeginHash();
      case SET_QUOTA -> new Command.SetQuota(in.varint());
      case COMPACT -> new Command.Compact(in.varint(), in.flag());
      case SET_ALARM -> new Command.SetAlarm(new Alarm(in.fixed64(), alarmKind(in)), in.flag());
      case PUBLISH ->
          new Command.Publish(in.fixed64(), in.text(), in.list(ByteReader::text), in.fixed64());
      case LEASE_GRANT -> new Command.LeaseGrant(in.fixed64(), in.varint());
      case LEASE_REVOKE -> new Command.LeaseRevoke(in.fixed64());
      case LEASE_EXPIRE -> new Command.LeaseExpire(in.varint(), in.fixed64(), in.varint());
      case LEASE_CHECKPOINT ->
          new Command.LeaseCheckpoint(in.varint(), in.varint(), in.list(CommandCodec::deadline));
      default -> AuthCodec.read(kind, in);
    };
  }

  /** Passes over a command that {@link #read} would read. */
  static void check(ByteReader<WireFailure> in) throws WireFailure {
    if (in.isNext(PUT)) {
      in.u8();
      putFlags(in);
      in.varint();
      in.skip();
      in.skip();
    } else {
      read(in);
    }
  }

  private static void writeOp(ByteWriter out, Op op, int depth) {
    switch (op) {
      case Range range -> {
        out.u8(RANGE);
        RangeCodec.write(out, range);
      }
      case Command.Put put -> writePut(out, put);
      case Command.DeleteRange delete -> writeDelete(out, delete);
      case Command.Txn txn -> writeTxn(out, txn, depth + 1);
    }
  }

  private static Op op(ByteReader<WireFailure> in, int depth) throws WireFailure {
    int kind = in.u8();
    return switch (kind) {
      case RANGE -> RangeCodec.read(in);
      case PUT -> put(in);
      case DELETE_RANGE -> delete(in);
      case TXN -> txn(in, depth + 1);
      default -> throw in.failure("with an operation of unknown kind " + kind);
    };
  }

  private static void writePut(ByteWriter out, Command.Put put) {
    out.u8(PUT);
    out.u8((put.prevKv() ? 1 : 0) | (put.ignoreValue() ? 2 : 0) | (put.ignoreLease() ? 4 : 0));
    out.varint(put.lease());
    out.bytes(put.key());
    out.bytes(put.value());
  }

  private static Command.Put put(ByteReader<WireFailure> in) throws WireFailure {
    int flags = putFlags(in);
    long lease = in.varint();
    return new Command.Put(
        in.bytes(), in.bytes(), lease, (flags & 1) != 0, (flags & 2) != 0, (flags & 4) != 0);
  }

  private static int putFlags(ByteReader<WireFailure> in) throws WireFailure {
    int flags = in.u8();
    if (flags > 7) {
      throw in.failure("with unknown flags " + flags);
    }
    return flags;
  }

  private static void writeDelete(ByteWriter out, Command.DeleteRange delete) {
    out.u8(DELETE_RANGE);
    out.bytes(delete.key());
    out.bytes(delete.rangeEnd());
    out.flag(delete.prevKv());
  }

  private static Command.DeleteRange delete(ByteReader<WireFailure> in) throws WireFailure {
    return new Command.DeleteRange(in.bytes(), in.bytes(), in.flag());
  }

  private static void writeTxn(ByteWriter out, Command.Txn txn, int depth) {
    if (depth > EnvelopeCodec.NESTING_MAX) {
      throw new IllegalArgumentException(
          "transactions nested deeper than " + EnvelopeCodec.NESTING_MAX);
    }
    out.u8(TXN);
    out.list(txn.compares(), CompareCodec::write);
    out.list(txn.success(), (each, op) -> writeOp(each, op, depth));
    out.list(txn.failure(), (each, op) -> writeOp(each, op, depth));
  }

  private static Command.Txn txn(ByteReader<WireFailure> in, int depth) throws WireFailure {
    if (depth > EnvelopeCodec.NESTING_MAX) {
      throw in.failure("with transactions nested deeper than " + EnvelopeCodec.NESTING_MAX);
    }
    return new Command.Txn(
        in.list(CompareCodec::read),
        in.list(each -> op(each, depth)),
        in.list(each -> op(each, depth)));
  }

  private static int codeOf(Alarm.Kind kind) {
    return switch (kind) {
      case NOSPACE -> 1;
      case CORRUPT -> 2;
    };
  }

  private static Alarm.Kind alarmKind(ByteReader<WireFailure> in) throws WireFailure {
    int code = in.u8();
    return switch (code) {
      case 1 -> Alarm.Kind.NOSPACE;
      case 2 -> Alarm.Kind.CORRUPT;
      default -> throw in.failure("with an unknown alarm " + code);
    };
  }
}
