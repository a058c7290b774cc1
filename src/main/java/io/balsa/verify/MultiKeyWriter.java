package io.balsa.verify;

import com.google.protobuf.ByteString;
import io.balsa.bytes.HostPort;
import io.balsa.client.ClientSettings;
import io.balsa.client.EtcdCalls;
import io.balsa.client.EtcdClient;
import io.balsa.client.RequestFailed;
import io.balsa.processes.Awaiting;
import io.balsa.processes.InstrumentFailure;
import io.balsa.processes.Workers;
import io.balsa.proto.etcdserverpb.PutRequest;
import io.balsa.proto.etcdserverpb.RequestOp;
import io.balsa.proto.etcdserverpb.TxnRequest;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Puts three keys in one transaction, 25 times a second at most. So there are revisions with more
 * than one event, and there is always a next event.
 */
final class MultiKeyWriter implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofMillis(700);
  private static final Duration PAUSE = Duration.ofMillis(40);
  private static final Duration LAST_LIMIT = Duration.ofSeconds(30);
  private static final int KEYS = 3;

  private final String prefix;
  private final EtcdCalls calls;
  private final AtomicInteger values = new AtomicInteger();
  private final Workers workers;
  private volatile boolean closed;

  /** Starts the writer. */
  MultiKeyWriter(List<HostPort> addresses, ClientSettings settings, String prefix) {
    this.prefix = prefix;
    this.calls = new EtcdCalls(EtcdClient.open(addresses, settings), LIMIT);
    this.workers = Workers.start("together-", 1, _ -> putOn());
  }

  /** One of the keys. */
  static String key(String prefix) {
    return prefix + "0";
  }

  private void putOn() {
    while (!closed) {
      put();
      Awaiting.pause(PAUSE);
    }
  }

  /** Puts the keys once; returns the revision, or 0 when the request failed. */
  private long put() {
    ByteString value = ByteString.copyFromUtf8("t" + values.incrementAndGet());
    TxnRequest.Builder keys = TxnRequest.newBuilder();
    for (int i = 0; i < KEYS; i++) {
      ByteString key = ByteString.copyFromUtf8(prefix + i);
      keys.addSuccess(
          RequestOp.newBuilder()
              .setRequestPut(PutRequest.newBuilder().setKey(key).setValue(value)));
    }
    try {
      return EtcdCalls.await(calls.txn(keys.build())).getHeader().getRevision();
    } catch (RequestFailed _) {
      calls.connectNow();
      return 0;
    }
  }

  /**
   * Stops the writer and puts the keys a last time.
   *
   * @return the revision of the last put
   * @throws InstrumentFailure when no server accepts it within 30 s
   */
  long last() {
    end();
    return Awaiting.value(
        "a last transaction for the watchers",
        LAST_LIMIT,
        () -> {
          long revision = put();
          return revision == 0 ? null : revision;
        });
  }

  private void end() {
    closed = true;
    workers.join();
  }

  @Override
  public void close() {
    end();
    calls.close();
  }
}
