package io.balsa.verify;

import com.google.protobuf.ByteString;
import io.balsa.client.EtcdClient;
import io.balsa.client.RawWatchStream;
import io.balsa.processes.Awaiting;
import io.balsa.processes.Workers;
import io.balsa.proto.etcdserverpb.WatchCreateRequest;
import io.balsa.proto.etcdserverpb.WatchResponse;
import io.balsa.proto.mvccpb.Event;
import io.balsa.verify.AccessJudge.Watched;
import io.balsa.verify.RoleChanger.Part;
import java.time.Duration;
import java.util.List;

/**
 * Watches a part of the keys as a user whose right comes and goes. When the watch is refused or
 * ends, it asks again after a tenth of a second.
 */
final class UserWatcher implements AutoCloseable {
  private static final Duration STEP = Duration.ofMillis(100);
  private static final int WINDOW = 16;
  private static final long NEVER = Long.MAX_VALUE;

  private final EtcdClient client;
  private final String user;
  private final Part part;
  private final List<Integer> servers;
  private final AccessRecorder recorder;
  private final Workers workers;
  private volatile boolean closed;

  /**
   * Starts to watch.
   *
   * @param client of one address, logged in as the user; the watcher closes it
   * @param servers those that may answer there
   */
  UserWatcher(
      EtcdClient client, String user, Part part, List<Integer> servers, AccessRecorder recorder) {
    this.client = client;
    this.user = user;
    this.part = part;
    this.servers = servers;
    this.recorder = recorder;
    this.workers = Workers.start("watch-of-" + user, 1, _ -> watchOn());
  }

  private void watchOn() {
    while (!closed) {
      Stream stream = new Stream();
      while (!closed && !stream.isOver()) {
        Awaiting.pause(STEP);
      }
      stream.end();
      Awaiting.pause(STEP);
    }
  }

  @Override
  public void close() {
    closed = true;
    workers.join();
    client.close();
  }

  /** One stream with one watch. */
  private final class Stream implements RawWatchStream.Listener {
    private final RawWatchStream tap;
    private long created = NEVER;
    private long until = NEVER;
    private boolean over;

    Stream() {
      tap = new RawWatchStream(client, this);
      tap.ask(WINDOW);
      tap.create(
          WatchCreateRequest.newBuilder()
              .setKey(ByteString.copyFromUtf8(part.from()))
              .setRangeEnd(ByteString.copyFromUtf8(part.end()))
              .build());
    }

    @Override
    public synchronized void told(WatchResponse response) {
      long now = System.nanoTime();
      if (over) {
        return;
      }
      if (response.getCanceled()) {
        finish(now);
      } else if (response.getCreated()) {
        created = now;
      } else {
        for (Event event : response.getEventsList()) {
          recorder.saw(user, part.name(), event.getKv().getValue().toStringUtf8(), now);
        }
      }
      tap.ask(1);
    }

    @Override
    public synchronized void ended(String why) {
      if (!over) {
        finish(System.nanoTime());
      }
    }

    private void finish(long now) {
      over = true;
      until = now;
    }

    synchronized boolean isOver() {
      return over;
    }

    /** Ends the stream from this side, if it has not ended. */
    void end() {
      synchronized (this) {
        if (!over) {
          finish(System.nanoTime());
        }
        if (created != NEVER) {
          String what = user + " at " + client.endpoints().getFirst();
          recorder.watched(new Watched(user, part.name(), servers, created, until, what));
        }
      }
      tap.close();
    }
  }
}
