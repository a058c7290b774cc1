package io.balsa.tls;

import io.netty.channel.Channel;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The unfinished handshakes of a port. When there are too many, the oldest is closed, so that
 * connections that say nothing shut nobody out.
 */
final class Handshakes {
  private static final int THREADS = 2;

  /** Signs and verifies for all ports, because a signature of RSA takes a millisecond. */
  static final Executor WORKERS = workers();

  private final int max;
  private final Set<Channel> unfinished = new LinkedHashSet<>();

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

  /** A handshake begins. */
  void begin(Channel channel) {
    Channel oldest = add(channel);
    channel.closeFuture().addListener(_ -> end(channel));
    if (oldest != null) {
      OpenConnections.close(oldest);
    }
  }

  private synchronized @Nullable Channel add(Channel channel) {
    unfinished.add(channel);
    if (unfinished.size() <= max) {
      return null;
    }
    Iterator<Channel> all = unfinished.iterator();
    Channel oldest = all.next();
    all.remove();
    return oldest;
  }

  synchronized void end(Channel channel) {
    unfinished.remove(channel);
  }

  synchronized int count() {
    return unfinished.size();
  }
}
