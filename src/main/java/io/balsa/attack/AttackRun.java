package io.balsa.attack;

import io.balsa.bytes.HostPort;
import io.grpc.MethodDescriptor;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** One attack under way: its clients, their connections, and the time that they have. */
final class AttackRun implements AutoCloseable {
  /** As long as an ordinary client of etcd would wait, and a little more. */
  private static final long LIMIT_MILLIS = 8_000;

  private final HostPort address;
  private final int clients;
  private final long endNanos;
  private final AttackOutcomes tally = new AttackOutcomes();
  private final ConcurrentLinkedQueue<AutoCloseable> open = new ConcurrentLinkedQueue<>();
  private final EventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());

  AttackRun(HostPort address, int clients, Duration time) {
    this.address = address;
    this.clients = clients;
    this.endNanos = System.nanoTime() + time.toNanos();
  }

  HostPort address() {
    return address;
  }

  int clients() {
    return clients;
  }

  AttackOutcomes tally() {
    return tally;
  }

  Map<String, Long> endings() {
    return tally.counts();
  }

  boolean isOver() {
    return endNanos - System.nanoTime() <= 0;
  }

  /** Another connection; it is broken off at the end. */
  AttackConnection connection() {
    AttackConnection connection = new AttackConnection(address, loops, tally);
    open.add(connection);
    return connection;
  }

  /** Keeps something open until the end. */
  void keep(AutoCloseable thing) {
    open.add(thing);
  }

  /** Has every client, on a connection of its own, do something at the same time. */
  void each(BiConsumer<Integer, AttackConnection> deed) {
    together(clients, number -> deed.accept(number, connection()));
  }

  private static void together(int count, Consumer<Integer> work) {
    List<Thread> threads = new ArrayList<>();
    IntStream.range(0, count)
        .forEach(number -> threads.add(Thread.ofVirtual().start(() -> work.accept(number))));
    for (Thread thread : threads) {
      try {
        thread.join();
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  /** Every client asks again and again, and reads what it is answered. */
  <Q, A> void ask(MethodDescriptor<Q, A> method, Q request) {
    each(
        (_, connection) -> {
          do {
            connection.ask(method, request, LIMIT_MILLIS);
          } while (!isOver());
        });
  }

  /** All clients together ask so many times and read nothing; until the end. */
  <Q, A> void askUnread(MethodDescriptor<Q, A> method, Q request, int times) {
    each(
        (_, connection) -> {
          for (int i = 0; i < Math.max(1, times / clients); i++) {
            connection.askUnread(method, request);
          }
        });
    await();
  }

  /** All clients together ask so many times and leave at once; again until the end. */
  <Q, A> void askAndLeave(MethodDescriptor<Q, A> method, Q request, int times) {
    do {
      each(
          (_, connection) -> {
            for (int i = 0; i < Math.max(1, times / clients); i++) {
              connection.askUnread(method, request);
            }
            pause(Duration.ofMillis(200));
            connection.close();
          });
    } while (!isOver());
  }

  /** Lets time pass until the end. */
  void await() {
    pause(Duration.ofNanos(Math.max(0, endNanos - System.nanoTime())));
  }

  static void pause(Duration time) {
    long end = System.nanoTime() + time.toNanos();
    for (long left = time.toNanos(); left > 0; left = end - System.nanoTime()) {
      if (Thread.currentThread().isInterrupted()) {
        return;
      }
      LockSupport.parkNanos(left);
    }
  }

  @Override
  public void close() {
    for (AutoCloseable each : open) {
      try {
        each.close();
      } catch (Exception broken) { // thread root: what is open at the end is broken off anyhow
        tally.add("could not be closed: " + broken);
      }
    }
    var _ = loops.shutdownGracefully();
  }
}
