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

/** One running attack: its clients, their connections and its end. */
final class AttackRun implements AutoCloseable {
  /** A little more than an ordinary client of etcd waits. */
  static final long LIMIT_MILLIS = 8_000;

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

  /** A further connection; it is closed at the end. */
  AttackConnection connection() {
    AttackConnection connection = new AttackConnection(address, loops, tally);
    open.add(connection);
    return connection;
  }

  /** Closes something at the end. */
  void keep(AutoCloseable thing) {
    open.add(thing);
  }

  /** Lets every client do something at the same time, on a connection of its own. */
  void each(BiConsumer<Integer, AttackConnection> deed) {
    together(clients, number -> deed.accept(number, connection()));
  }

  /** Lets every client do something at the same time, with sockets of its own. */
  void eachAlone(Runnable deed) {
    together(clients, _ -> deed.run());
  }

  private static void together(int count, Consumer<Integer> work) {
    List<Thread> threads = new ArrayList<>();
    IntStream.range(0, count)
        .forEach(number -> threads.add(Thread.ofVirtual().start(() -> work.accept(number))));
    threads.forEach(AttackRun::join);
  }

  static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /** Every client repeats a request until the end and reads the answers. */
  <Q, A> void ask(MethodDescriptor<Q, A> method, Q request) {
    each(
        (_, connection) -> {
          do {
            connection.ask(method, request, LIMIT_MILLIS);
          } while (!isOver());
        });
  }

  /** All clients together send a request this many times and read nothing until the end. */
  <Q, A> void askUnread(MethodDescriptor<Q, A> method, Q request, int times) {
    each(
        (_, connection) -> {
          for (int i = 0; i < Math.max(1, times / clients); i++) {
            connection.askUnread(method, request);
          }
        });
    await();
  }

  /**
   * All clients together send a request this many times and close the connection; repeats until the
   * end.
   */
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

  /** Waits until the end. */
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
      } catch (Exception broken) { // thread root: the others are closed too
        tally.add("could not be closed: " + broken);
      }
    }
    var _ = loops.shutdownGracefully();
  }
}
