package io.balsa.api;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.balsa.auth.Judge;
import io.balsa.backups.Backup;
import io.balsa.budget.Share;
import io.balsa.bytes.Bytes;
import io.balsa.bytes.Sha256;
import io.balsa.errors.EtcdError;
import io.balsa.model.Caller;
import io.balsa.model.KvError;
import io.balsa.node.Node;
import io.balsa.proto.etcdserverpb.SnapshotResponse;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/**
 * Sends a backup as etcd sends its snapshot: blobs, each with the number of remaining bytes, and
 * the SHA-256 of all as the last blob. At most one blob is read before the client takes it.
 */
final class SnapshotStream {
  private static final int BLOB_BYTES = 64 << 10;

  /** How often room for a blob is requested; each try waits up to two seconds. */
  private static final int ATTEMPTS = 5;

  private final ServerCallStreamObserver<SnapshotResponse> client;
  private final MessageDigest digest;
  private final Share room = Share.current();
  private @Nullable Backup backup;
  private long sent;
  private int refusals;
  private boolean reading;
  private boolean over;

  private SnapshotStream(ServerCallStreamObserver<SnapshotResponse> client) {
    this.client = client;
    this.digest = Sha256.begin();
  }

  /**
   * Starts the stream; to be called before the call's method returns. While users are in force, the
   * caller is judged after all that was acknowledged, also at a follower that is behind. Without a
   * majority, it is judged by what this server knows.
   */
  static void begin(Node node, Caller caller, ServerCallStreamObserver<SnapshotResponse> client) {
    SnapshotStream stream = new SnapshotStream(client);
    client.setOnReadyHandler(stream::pump);
    client.setOnCancelHandler(stream::end);
    if (node.auth().enabled()) {
      // without a majority there is no barrier, and an operator needs the backup all the more
      node.barrier(_ -> stream.beginIfRoot(node, caller));
    } else {
      stream.backup(node);
    }
  }

  /** A caller that is root no more, as far as this server knows, gets nothing. */
  private void beginIfRoot(Node node, Caller caller) {
    KvError denied = Judge.root(node.auth(), caller);
    if (denied == null) {
      backup(node);
    } else {
      client.onError(EtcdError.of(denied).exception());
    }
  }

  private void backup(Node node) {
    node.backup(this::begun, failure -> client.onError(EtcdError.of(failure).exception()));
  }

  private synchronized void begun(Backup made) {
    if (over) {
      made.close();
    } else {
      backup = made;
      pump();
    }
  }

  private synchronized void pump() {
    Backup from = backup;
    if (from == null || reading || over || !client.isReady()) {
      return;
    }
    if (sent == from.bytes()) {
      client.onNext(blob(UnsafeByteOperations.unsafeWrap(digest.digest()), 0));
      client.onCompleted();
      end();
    } else {
      reading = true;
      room.take(BLOB_BYTES, this::readIfRoom);
    }
  }

  private synchronized void readIfRoom(boolean room) {
    Backup from = backup;
    if (over || from == null) {
      return;
    }
    if (room) {
      refusals = 0;
      from.read(sent, BLOB_BYTES, this::read, this::failed);
    } else if (++refusals < ATTEMPTS) {
      reading = false;
      pump();
    } else {
      client.onError(EtcdError.NO_ROOM.exception());
      end();
    }
  }

  private synchronized void read(Bytes data) {
    Backup from = backup;
    if (over || from == null) {
      return;
    }
    reading = false;
    sent += data.size();
    digest.update(data.buffer());
    ByteString bytes = UnsafeByteOperations.unsafeWrap(data.readOnlyArray());
    if (Reply.next(client, blob(bytes, from.bytes() - sent))) {
      pump();
    } else {
      end();
    }
  }

  private static SnapshotResponse blob(ByteString bytes, long remaining) {
    return SnapshotResponse.newBuilder()
        .setBlob(bytes)
        .setRemainingBytes(remaining)
        .setVersion(EtcdVersion.STORAGE)
        .build();
  }

  private synchronized void failed(String why) {
    if (!over) {
      client.onError(Status.INTERNAL.withDescription("balsa: " + why).asRuntimeException());
      end();
    }
  }

  private synchronized void end() {
    Backup from = backup;
    if (!over && from != null) {
      from.close();
    }
    over = true;
  }
}
