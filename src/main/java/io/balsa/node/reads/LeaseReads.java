package io.balsa.node.reads;

import io.balsa.auth.Judge;
import io.balsa.kv.StoreReader;
import io.balsa.kv.StoreReader.LeaseKeys;
import io.balsa.kv.StoreReader.LeaseTable;
import io.balsa.lanes.AnswerRoom;
import io.balsa.lanes.Outcome;
import io.balsa.model.Caller;
import io.balsa.model.KvError;
import io.balsa.model.Result;
import java.util.function.Consumer;

/** The linearizable reads of leases. From any thread. */
public final class LeaseReads {
  private final ReadDesk desk;

  LeaseReads(ReadDesk desk) {
    this.desk = desk;
  }

  /** Lists the leases, if the caller may read all keys that are attached to them, as in etcd. */
  public void all(Caller caller, AnswerRoom room, Consumer<Outcome> done) {
    desk.add(
        desk.whole(
            Read.Kind.SCAN,
            room,
            RequestBytes.LEAST,
            reader -> reader.leases(caller, room.bytesMax()),
            done),
        true);
  }

  /** Reads the keys that are attached to a lease, if the caller may read all of them. */
  public void attached(
      Caller caller,
      long lease,
      AnswerRoom room,
      Consumer<LeaseKeys> done,
      Consumer<Outcome.Failure> failed) {
    desk.add(
        new CallbackRead<>(
            Read.Kind.SCAN,
            desk.deadline(),
            room,
            RequestBytes.LEAST,
            reader -> reader.attached(caller, lease, room.bytesMax()),
            done,
            failed),
        true);
  }

  /** Answers whether a caller may renew a lease: {@link Result.Done}, or the refusal. */
  public void mayRenew(Caller caller, long lease, Consumer<Outcome> done) {
    desk.add(
        desk.whole(
            Read.Kind.POINT,
            AnswerRoom.UNBOUNDED,
            RequestBytes.LEAST,
            reader -> {
              KvError denied =
                  Judge.leaseWrite(reader.auth(), caller, lease, reader.attachedKeys());
              return denied == null
                  ? StoreReader.atOnce(() -> new Result.Done(reader.revision()))
                  : ReadDesk.refused(reader, denied);
            },
            done),
        true);
  }

  /** Reads all leases for the lease keeper, which ends no lease before it has them. */
  public void table(Consumer<LeaseTable> done, Consumer<Outcome.Failure> failed) {
    desk.add(new LeaseTableRead(desk, done, failed), true);
  }

  /** Does not wait behind the scans of clients. */
  private static final class LeaseTableRead extends CallbackRead<LeaseTable> {
    LeaseTableRead(ReadDesk desk, Consumer<LeaseTable> done, Consumer<Outcome.Failure> failed) {
      super(
          Kind.POINT,
          desk.deadline(),
          AnswerRoom.UNBOUNDED,
          RequestBytes.LEAST,
          StoreReader::leaseTable,
          done,
          failed);
    }

    @Override
    boolean isLong() {
      return true;
    }

    @Override
    boolean isOwn() {
      return true;
    }
  }
}
