package io.balsa.client;

import com.google.protobuf.ByteString;
import io.balsa.proto.etcdserverpb.RangeRequest;
import io.balsa.proto.etcdserverpb.RangeRequest.SortOrder;
import io.balsa.proto.etcdserverpb.RangeRequest.SortTarget;
import io.balsa.proto.etcdserverpb.RangeResponse;
import io.balsa.proto.etcdserverpb.WatchCreateRequest;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Who is first in a queue of keys below a name, and each change of it. For one thread. */
public final class QueueHead implements AutoCloseable {
  private final EtcdClient client;
  private final EtcdCalls calls;
  private final ByteString prefix;
  private @Nullable WatchFeed feed;
  private long told;

  /**
   * Of the queue of that name.
   *
   * @param timeout for each request; the wait for a change has no end
   */
  public QueueHead(EtcdClient client, String name, Duration timeout) {
    this.client = client;
    this.calls = new EtcdCalls(client, timeout);
    this.prefix = QueuePlace.prefix(name);
  }

  /** The first one's key, as soon as there is one that was not given before as it is now. */
  public RangeResponse next() throws RequestFailed, InterruptedException {
    while (true) {
      if (feed != null && feed.next().getCanceled()) {
        close();
      }
      RangeResponse first = EtcdCalls.await(calls.range(first()));
      if (feed == null) {
        feed = new WatchFeed(client, changes(first.getHeader().getRevision() + 1));
      }
      if (first.getKvsCount() > 0 && first.getKvs(0).getModRevision() != told) {
        told = first.getKvs(0).getModRevision();
        return first;
      }
    }
  }

  private RangeRequest first() {
    return RangeRequest.newBuilder()
        .setKey(prefix)
        .setRangeEnd(QueuePlace.end(prefix))
        .setSortOrder(SortOrder.ASCEND)
        .setSortTarget(SortTarget.CREATE)
        .setLimit(1)
        .build();
  }

  private WatchCreateRequest changes(long fromRevision) {
    return WatchCreateRequest.newBuilder()
        .setKey(prefix)
        .setRangeEnd(QueuePlace.end(prefix))
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
