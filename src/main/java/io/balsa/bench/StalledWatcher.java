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
 * A watcher of a prefix that does not read for a while. Afterwards it must receive every revision,
 * in order and once, or be cancelled with the revision from which it can resume. Every revision
 * since its start must change its prefix.
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

  /** Creates the watch, and reads nothing more. */
  void begin(ByteString prefix, ByteString prefixEnd) {
    tap.ask(1);
    tap.create(WatchCreateRequest.newBuilder().setKey(prefix).setRangeEnd(prefixEnd).build());
    Awaiting.until("a watch that will stall", Duration.ofSeconds(20), this::isCreated);
  }

  private synchronized boolean isCreated() {
    return created;
  }

  /** Reads until all events up to a revision have arrived, or the watch has ended. */
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

  /** How the watch ended; empty while it has not. */
  synchronized String end() {
    return end;
  }

  @Override
  public synchronized void told(WatchResponse response) {
    if (response.getCanceled()) {
      end =
          response.getCompactRevision() > 0
              ? "cancelled, to resume at " + response.getCompactRevision()
              : "BROKEN: cancelled without a revision to resume at";
    } else if (response.getCreated()) {
      created = true;
      revision = response.getHeader().getRevision();
    }
    response.getEventsList().forEach(this::note);
    if (reading) {
      tap.ask(1);
    }
  }

  private void note(Event event) {
    long next = event.getKv().getModRevision();
    if (next != revision + 1 && end.isEmpty()) {
      end = "BROKEN: received revision " + next + " after " + revision;
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
