package io.balsa.tls;

import io.netty.channel.Channel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The unfinished handshakes of the ports that share a set of files, and the threads that sign and
 * verify for them. When there are too many, an old one is closed, so that connections that say
 * nothing shut nobody out. One source may have half of them. When all are in use, the source that
 * has the most loses its oldest.
 */
final class Handshakes {
  private static final int THREADS = 2;

  /** One user of IPv6 has this many bytes of an address, and chooses the rest. */
  private static final int SOURCE_BYTES = 8;

  private final int max;
  private final Map<Channel, String> unfinished = new LinkedHashMap<>(); // the oldest is first

  /** A signature of RSA takes a millisecond, too long for an event loop. */
  private final Executor workers = workers();

  /**
   * @param max the most unfinished handshakes
   */
  Handshakes(int max) {
    this.max = max;
  }

  private static Executor workers() {
    ThreadPoolExecutor workers =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              Thread thread = new Thread(task, "tls-handshake");
              thread.setDaemon(true);
              return thread;
            });
    workers.allowCoreThreadTimeOut(true);
    return workers;
  }

  /**
   * Runs the tasks of one connection. Those of a closed one are left out. A connection has one task
   * at a time, so no more tasks cost time than there are unfinished handshakes.
   */
  Executor workersFor(Channel channel) {
    return task ->
        workers.execute(
            () -> {
              if (channel.isActive()) {
                task.run();
              }
            });
  }

  /** A handshake begins. */
  void begin(Channel channel) {
    Channel tooOld = add(channel, source(channel.remoteAddress()));
    channel.closeFuture().addListener(_ -> end(channel));
    if (tooOld != null) {
      OpenConnections.close(tooOld);
    }
  }

  /** Whose connections count together; all of this machine are one source. */
  private static String source(@Nullable SocketAddress address) {
    InetAddress of = address instanceof InetSocketAddress inet ? inet.getAddress() : null;
    if (of == null || of.isLoopbackAddress()) {
      return "this machine";
    }
    byte[] bytes = of.getAddress();
    return HexFormat.of().formatHex(bytes, 0, Math.min(bytes.length, SOURCE_BYTES));
  }

  private synchronized @Nullable Channel add(Channel channel, String source) {
    unfinished.put(channel, source);
    if (Collections.frequency(unfinished.values(), source) > Math.max(1, max / 2)) {
      return removeOldest(source);
    }
    return unfinished.size() > max ? removeOldest(largest()) : null;
  }

  /** The source that has the most; of several, the one with the oldest handshake. */
  private String largest() {
    Map<String, Integer> counts = new LinkedHashMap<>();
    unfinished.values().forEach(source -> counts.merge(source, 1, Integer::sum));
    return Collections.max(counts.entrySet(), Map.Entry.comparingByValue()).getKey();
  }

  private @Nullable Channel removeOldest(String source) {
    for (Map.Entry<Channel, String> each : unfinished.entrySet()) {
      if (each.getValue().equals(source)) {
        unfinished.remove(each.getKey());
        return each.getKey();
      }
    }
    return null;
  }

  synchronized void end(Channel channel) {
    unfinished.remove(channel);
  }

  synchronized int count() {
    return unfinished.size();
  }
}
