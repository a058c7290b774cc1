package io.balsa.node.watches;

import io.balsa.auth.AuthState;
import io.balsa.host.Clock;
import io.balsa.host.Lane;
import io.balsa.lanes.Inbox;
import io.balsa.model.Caller;
import io.balsa.model.Changes;
import io.balsa.node.apply.AppliedFacts;
import io.balsa.node.reads.Read;
import io.balsa.node.reads.ReadLane;
import io.balsa.watch.CatchUp;
import io.balsa.watch.WatchAnswer;
import io.balsa.watch.WatchHub;
import io.balsa.watch.WatchLimits;
import io.balsa.watch.WatchRequest;
import io.balsa.watch.WatchSink;
import io.balsa.watch.WatchStream;
import io.balsa.watch.Watching;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Watches on a lane of their own. The apply lane passes each revision's changes and does not wait.
 * A read lane reads the past. The bytes of the changes that wait here are bounded: further changes
 * are dropped, and the watchers get them from the store.
 */
public final class Watches {
  private static final long READ_NANOS_MAX = 3_600_000_000_000L;

  private final Lane lane;
  private final Clock clock;
  private final ReadLane history;
  private final Supplier<AppliedFacts> facts;
  private final Supplier<AuthState> auth;
  private final Inbox<Runnable> inbox;
  private final WatchLimits limits;
  private final Set<Stream> streams = new LinkedHashSet<>();
  private final AtomicLong waitingBytes = new AtomicLong();
  private WatchHub hub;
  private volatile boolean wanted;
  private volatile int behind;

  /**
   * No watches yet.
   *
   * @param lanes opens the lane, given the task that runs after another task of the lane failed
   * @param history reads the past
   * @param auth the users and roles in force; not older than the changes that come here
   */
  public Watches(
      Function<Runnable, Lane> lanes,
      Clock clock,
      ReadLane history,
      Supplier<AppliedFacts> facts,
      Supplier<AuthState> auth,
      WatchLimits limits) {
    this.lane = lanes.apply(this::recover);
    this.clock = clock;
    this.history = history;
    this.facts = facts;
    this.auth = auth;
    this.limits = limits;
    this.hub = new WatchHub(limits);
    this.inbox = new Inbox<>(lane, this::work);
  }

  /**
   * Whether there are watchers. The apply lane asks after it has published its facts. A watch
   * begins after the revision that it finds in the facts. So no change is lost between the two.
   */
  public boolean wanted() {
    return wanted;
  }

  /** How many watchers wait for events from the store; from any thread. */
  public int behind() {
    return behind;
  }

  /** Takes the changes that were applied; from the apply lane. */
  public void applied(List<Changes> changes, AppliedFacts after) {
    long bytes = 0;
    for (Changes one : changes) {
      bytes += one.bytes();
    }
    boolean fits = waitingBytes.get() + bytes <= limits.waitingBytes();
    List<Changes> taken =
        fits ? changes : List.of(); // the task must not keep dropped changes in memory
    long takenBytes = fits ? bytes : 0;
    waitingBytes.addAndGet(takenBytes);
    inbox.put(
        () -> {
          waitingBytes.addAndGet(-takenBytes);
          hub.applied(taken, after.revision(), after.compactRevision());
        });
  }

  private void work(List<Runnable> tasks) {
    AppliedFacts now = facts.get();
    hub.setStoreRevisions(now.revision(), now.compactRevision());
    hub.sweeping(now.tombstones());
    hub.judgeBy(auth.get());
    runAll(tasks);
    CatchUp past = hub.beginCatchUp();
    if (past != null) {
      readFor(past);
    }
    hub.flush();
    behind = hub.behind();
  }

  /** When a task fails, the later ones still run: their bytes are counted as waiting. */
  private void runAll(List<Runnable> tasks) {
    int begun = 0;
    try {
      for (Runnable task : tasks) {
        begun++;
        task.run();
      }
    } finally {
      tasks.subList(begun, tasks.size()).forEach(inbox::put);
    }
  }

  /**
   * A task failed half-way, so the state of the hub may be wrong. Every stream ends, and its client
   * begins again after the last revision that it got.
   */
  private void recover() {
    List<Stream> ended = List.copyOf(streams);
    streams.clear();
    hub = new WatchHub(limits);
    wanted = false;
    ended.forEach(Stream::giveUp);
  }

  private void readFor(CatchUp past) {
    history.serve(
        0,
        Read.of(
            Read.Kind.SCAN,
            clock.nanos() + READ_NANOS_MAX,
            reader -> inbox.put(past.read(reader)),
            _ -> inbox.put(past::unread)));
  }

  /** Opens a stream. */
  public Watching open(WatchSink sink) {
    return new Stream(sink);
  }

  /** Sends progress notifications to idle watches that asked for them, at this interval. */
  public void tellProgressEvery(long nanos) {
    lane.after(
        nanos,
        () -> {
          inbox.put(() -> hub.notifyProgress());
          tellProgressEvery(nanos);
        });
  }

  public void close() {
    history.close();
    lane.close();
  }

  private final class Stream implements Watching {
    private final GuardedSink sink;
    private @Nullable WatchStream stream;
    private boolean closed;

    Stream(WatchSink sink) {
      this.sink = new GuardedSink(sink, this::close);
    }

    private void run(Consumer<WatchStream> task) {
      inbox.put(
          () -> {
            if (!closed) {
              task.accept(opened());
            }
          });
    }

    private WatchStream opened() {
      WatchStream open = stream;
      if (open == null) {
        wanted = true;
        hub.setStoreRevisions(facts.get().revision(), facts.get().compactRevision());
        open = hub.open(sink);
        stream = open;
        streams.add(this);
      }
      return open;
    }

    void giveUp() {
      closed = true;
      sink.giveUp();
    }

    @Override
    public void create(Caller caller, WatchRequest request) {
      run(stream -> stream.create(caller, request));
    }

    @Override
    public void refuse(WatchAnswer.Refusal reason) {
      run(stream -> stream.refuse(reason));
    }

    @Override
    public void cancel(long watchId) {
      run(stream -> stream.cancel(watchId));
    }

    @Override
    public void progress() {
      run(WatchStream::progress);
    }

    @Override
    public void ready() {
      run(WatchStream::ready);
    }

    @Override
    public void then(Runnable task) {
      run(_ -> task.run());
    }

    @Override
    public void close() {
      run(
          stream -> {
            closed = true;
            streams.remove(this);
            stream.close();
            wanted = !hub.isIdle();
          });
    }
  }
}
