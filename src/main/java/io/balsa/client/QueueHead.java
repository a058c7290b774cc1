package io.balsa.client;

import com.google.protobuf.ByteString;
import io.balsa.bytes.Bytes;
import io.balsa.proto.etcdserverpb.RangeResponse;
import io.balsa.proto.etcdserverpb.WatchCreateRequest;
import io.balsa.queue.QueueKeys;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Reads the first key of a queue, and each change of it. For one thread. */
public final class QueueHead implements AutoCloseable {
  private final EtcdClient client;
  private final EtcdCalls calls;
  private final QueueKeys keys;
  private @Nullable ResumingWatch feed;
  private long told;

  /**
   * The head of the queue with this name.
   *
   * @param timeout for each request; the wait for a change has no end
   */
  public QueueHead(EtcdClient client, ByteString name, Duration timeout) {
    this.client = client;
    this.calls = new EtcdCalls(client, timeout);
    this.keys = QueueKeys.named(Bytes.wrap(name.toByteArray()));
  }

  /** Waits for a first key whose mod revision differs from the one returned last. */
  public RangeResponse next() throws RequestFailed, InterruptedException {
    while (true) {
      if (feed != null && feed.next().getCanceled()) {
        close();
      }
      RangeResponse first = EtcdCalls.await(calls.range(QueuePlace.range(keys.first())));
      if (feed == null) {
        feed = new ResumingWatch(client, changes(first.getHeader().getRevision() + 1));
      }
      if (first.getKvsCount() > 0 && first.getKvs(0).getModRevision() != told) {
        told = first.getKvs(0).getModRevision();
        return first;
      }
    }
  }

  private WatchCreateRequest changes(long fromRevision) {
    return WatchCreateRequest.newBuilder()
        .setKey(QueuePlace.string(keys.prefix()))
        .setRangeEnd(QueuePlace.string(keys.end()))
        .setStartRevision(fromRevision)
        .build();
  }

  @Override
  public void close() {
    if (feed != null) {
      feed.close();
      feed = null;
    }
  }
}
