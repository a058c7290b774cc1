package io.balsa.bench;

import com.google.protobuf.ByteString;
import io.balsa.client.EtcdClient;
import io.balsa.client.RawWatchStream;
import io.balsa.processes.Awaiting;
import io.balsa.proto.etcdserverpb.WatchCreateRequest;
import io.balsa.proto.etcdserverpb.WatchResponse;
import io.balsa.proto.mvccpb.Event;
import java.time.Duration;

/**
 * A watcher of a prefix that does not read for a while. Afterwards it must be told every revision,
 * in order and once, or be cancelled with the revision from which it can begin again. Every
 * revision since its beginning must be of its prefix.
 */
final class StalledWatcher implements RawWatchStream.Listener {
  private final RawWatchStream tap;
  private boolean created;
  private boolean reading;
  private long revision;
  private long events;
  private String end = "";

  StalledWatcher(EtcdClient client) {
    tap = new RawWatchStream(client, this);
  }

  /** Begins to watch, and stops to read. */
  void begin(ByteString prefix, ByteString prefixEnd) {
    tap.ask(1);
    tap.create(WatchCreateRequest.newBuilder().setKey(prefix).setRangeEnd(prefixEnd).build());
    Awaiting.until("a watch that will stall", Duration.ofSeconds(20), this::isCreated);
  }

  private synchronized boolean isCreated() {
    return created;
  }

  /** Begins to read; returns when all up to a revision was told, or it is over. */
  void readTo(long last, Duration limit) {
    synchronized (this) {
      reading = true;
    }
    tap.ask(1);
    Awaiting.until("a stalled watcher's events", limit, () -> hasAllTo(last));
  }

  private synchronized boolean hasAllTo(long last) {
    return revision >= last || !end.isEmpty();
  }

  synchronized long events() {
    return events;
  }

  /** How its watch ended; empty while it has not. */
  synchronized String end() {
    return end;
  }

  @Override
  public synchronized void told(WatchResponse response) {
    if (response.getCanceled()) {
      end =
          response.getCompactRevision() > 0
              ? "cancelled, to begin again at " + response.getCompactRevision()
              : "BROKEN: cancelled without a revision to begin again at";
    } else if (response.getCreated()) {
      created = true;
      revision = response.getHeader().getRevision();
    }
    response.getEventsList().forEach(this::heard);
    if (reading) {
      tap.ask(1);
    }
  }

  private void heard(Event event) {
    long next = event.getKv().getModRevision();
    if (next != revision + 1 && end.isEmpty()) {
      end = "BROKEN: told of revision " + next + " after " + revision;
    }
    revision = next;
    events++;
  }

  @Override
  public synchronized void ended(String why) {
    if (end.isEmpty()) {
      end = "BROKEN: ended with " + why;
    }
  }
}
