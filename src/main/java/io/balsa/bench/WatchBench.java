package io.balsa.bench;

import com.google.protobuf.ByteString;
import io.balsa.bytes.HostPort;
import io.balsa.client.ClientSettings;
import io.balsa.client.EtcdCalls;
import io.balsa.client.EtcdClient;
import io.balsa.client.RawWatchStream;
import io.balsa.client.RequestFailed;
import io.balsa.processes.Awaiting;
import io.balsa.processes.InstrumentFailure;
import io.balsa.processes.ServerProcesses;
import io.balsa.proto.etcdserverpb.PutRequest;
import io.balsa.proto.etcdserverpb.WatchCreateRequest;
import io.balsa.proto.etcdserverpb.WatchResponse;
import io.balsa.proto.mvccpb.Event;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/**
 * Watchers, and puts at a fixed rate. Measures the number of events, their delay, and their cost in
 * the servers. The value of a put is the time when the put was due, so a put that waits counts as
 * delay.
 */
public final class WatchBench {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final long LONGEST_NANOS = Duration.ofMinutes(2).toNanos();
  private static final int DIGITS = 3;

  /** The number of puts that may wait for their answers; further puts wait and are late. */
  private static final int PUTS_MAX = 1_000;

  private static final ByteString PREFIX = ByteString.copyFromUtf8("bench-watch/");
  private static final ByteString PREFIX_END = ByteString.copyFromUtf8("bench-watch0");

  private static final long LOOK_NANOS = Duration.ofMillis(200).toNanos();
  private static final Duration STALLED_LIMIT = Duration.ofMinutes(1);

  private final Plan plan;
  private final ServerProcesses servers;
  private final List<EtcdClient> clients = new ArrayList<>();
  private final List<EventStream> streams = new ArrayList<>();
  private final CountDownLatch created;
  private final Semaphore puts = new Semaphore(PUTS_MAX);
  private final LongAdder putsFailed = new LongAdder();
  private final Histogram nanos = new ConcurrentHistogram(LONGEST_NANOS, DIGITS);
  private volatile String broken = "";
  private volatile boolean measuring;
  private volatile boolean over;

  /**
   * The load.
   *
   * @param settings of all connections
   * @param ownKeys true when each watcher has its own key; otherwise all watch one prefix
   * @param connections the number of connections, each with one watch stream, spread over the
   *     endpoints
   * @param rate puts per second
   * @param valueBytes at least 8
   * @param stall true when one more watcher does not read during the measurement; the cluster must
   *     have no other writers
   * @param pids of the servers, if they run on this machine
   */
  public record Plan(
      List<HostPort> endpoints,
      ClientSettings settings,
      boolean ownKeys,
      int watchers,
      int connections,
      int rate,
      Duration warmUp,
      Duration time,
      int valueBytes,
      boolean stall,
      List<Long> pids) {}

  private WatchBench(Plan plan) {
    this.plan = plan;
    this.servers = new ServerProcesses(plan.pids());
    this.created = new CountDownLatch(plan.watchers());
  }

  /**
   * Runs the load.
   *
   * @throws RequestFailed when the cluster does not answer the first request
   * @throws InstrumentFailure when a server ends a watch
   */
  public static WatchBenchResult run(Plan plan) throws RequestFailed {
    WatchBench bench = new WatchBench(plan);
    EtcdCalls calls = new EtcdCalls(EtcdClient.open(plan.endpoints(), plan.settings()), LIMIT);
    try {
      EtcdCalls.await(calls.put(bench.put(0, System.nanoTime())));
      bench.watch();
      return bench.measure(calls);
    } finally {
      bench.over = true;
      bench.clients.forEach(EtcdClient::close);
      calls.close();
    }
  }

  private void watch() {
    for (int i = 0; i < plan.connections(); i++) {
      HostPort endpoint = plan.endpoints().get(i % plan.endpoints().size());
      EtcdClient client = EtcdClient.open(List.of(endpoint), plan.settings());
      clients.add(client);
      streams.add(new EventStream(client));
    }
    for (int watcher = 0; watcher < plan.watchers(); watcher++) {
      streams.get(watcher % streams.size()).tap.create(create(watcher));
    }
    Awaiting.until("watches", Duration.ofMinutes(1), () -> created.getCount() == 0 || isBroken());
    checkStreams();
  }

  private WatchCreateRequest create(int watcher) {
    return plan.ownKeys()
        ? WatchCreateRequest.newBuilder().setKey(key(watcher)).build()
        : WatchCreateRequest.newBuilder().setKey(PREFIX).setRangeEnd(PREFIX_END).build();
  }

  private WatchBenchResult measure(EtcdCalls calls) throws RequestFailed {
    Thread.ofPlatform().name("puts").daemon().start(() -> put(calls));
    waitWatching(plan.warmUp());
    StalledWatcher stalled = plan.stall() ? stall() : null;
    Duration cpuBefore = servers.cpu();
    measuring = true;
    long begin = System.nanoTime();
    long grown = watchMemory(begin + plan.time().toNanos());
    measuring = false;
    Duration took = Duration.ofNanos(System.nanoTime() - begin);
    Duration cpu = servers.cpu().minus(cpuBefore);
    over = true;
    String received = stalled == null ? "" : read(stalled, calls);
    return WatchBenchResult.of(plan, took, cpu, grown, nanos.copy(), putsFailed.sum(), received);
  }

  /** Waits until a time; returns the largest growth of a server's memory, in bytes. */
  private long watchMemory(long end) {
    List<Long> before = servers.memory();
    long grown = 0;
    while (System.nanoTime() < end) {
      pauseTill(end);
      List<Long> now = servers.memory();
      for (int i = 0; i < now.size(); i++) {
        grown = Math.max(grown, now.get(i) - before.get(i));
      }
    }
    return grown;
  }

  private void waitWatching(Duration time) {
    long end = System.nanoTime() + time.toNanos();
    while (System.nanoTime() < end) {
      pauseTill(end);
    }
  }

  /**
   * Waits 200 ms, but not beyond a time.
   *
   * @throws InstrumentFailure when a watch stream has ended, because then nothing is measured
   */
  private void pauseTill(long end) {
    Awaiting.pause(Duration.ofNanos(Math.clamp(end - System.nanoTime(), 0, LOOK_NANOS)));
    checkStreams();
  }

  private void checkStreams() {
    if (isBroken()) {
      throw new InstrumentFailure("a stream of watches ended: " + broken);
    }
  }

  private StalledWatcher stall() {
    EtcdClient client = EtcdClient.open(List.of(plan.endpoints().getFirst()), plan.settings());
    clients.add(client);
    StalledWatcher stalled = new StalledWatcher(client);
    stalled.begin(PREFIX, PREFIX_END);
    return stalled;
  }

  /** Lets the stalled watcher read what it missed, and describes the result. */
  private String read(StalledWatcher stalled, EtcdCalls calls) throws RequestFailed {
    puts.acquireUninterruptibly(PUTS_MAX);
    long last = EtcdCalls.await(calls.put(put(0, System.nanoTime()))).getHeader().getRevision();
    long begin = System.nanoTime();
    stalled.readTo(last, STALLED_LIMIT);
    double seconds = (System.nanoTime() - begin) / 1e9;
    String end = stalled.end();
    return end.isEmpty()
        ? "received all %d events in %.1f s".formatted(stalled.events(), seconds)
        : end + ", after " + stalled.events() + " events";
  }

  private boolean isBroken() {
    return !broken.isEmpty();
  }

  private void put(EtcdCalls calls) {
    long begin = System.nanoTime();
    for (long i = 0; !over; i++) {
      long due = begin + i * 1_000_000_000L / plan.rate();
      for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
        LockSupport.parkNanos(left);
      }
      puts.acquireUninterruptibly();
      var _ = calls.put(put(i, due)).whenComplete((_, failure) -> answered(failure != null));
    }
  }

  private void answered(boolean failed) {
    puts.release();
    if (failed && measuring) {
      putsFailed.increment();
    }
  }

  private PutRequest put(long number, long due) {
    byte[] value = new byte[plan.valueBytes()];
    ByteBuffer.wrap(value).putLong(due);
    return PutRequest.newBuilder()
        .setKey(key(number % plan.watchers()))
        .setValue(ByteString.copyFrom(value))
        .build();
  }

  private static ByteString key(long number) {
    return PREFIX.concat(ByteString.copyFromUtf8(String.format(Locale.ROOT, "%08d", number)));
  }

  /** Receives the events of a stream. */
  private final class EventStream implements RawWatchStream.Listener {
    private final RawWatchStream tap;

    EventStream(EtcdClient client) {
      tap = new RawWatchStream(client, this);
      tap.ask(1);
    }

    @Override
    public void told(WatchResponse response) {
      tap.ask(1);
      if (response.getCanceled()) {
        broken = response.toString();
      } else if (response.getCreated()) {
        created.countDown();
      } else if (measuring) {
        long now = System.nanoTime();
        response.getEventsList().forEach(event -> measure(event, now));
      }
    }

    private void measure(Event event, long now) {
      long due = event.getKv().getValue().asReadOnlyByteBuffer().getLong();
      nanos.recordValue(Math.clamp(now - due, 0, LONGEST_NANOS));
    }

    @Override
    public void ended(String why) {
      if (!over) {
        broken = why;
      }
    }
  }
}
