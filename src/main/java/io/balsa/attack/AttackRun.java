package io.balsa.attack;

import io.balsa.bytes.HostPort;
import io.grpc.MethodDescriptor;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** One running attack: its clients, their connections and its end. */
final class AttackRun implements AutoCloseable {
  private final HostPort address;
  private final int clients;
  private final Duration patience;
  private final long endNanos;
  private final AttackOutcomes tally = new AttackOutcomes();
  private final Set<AutoCloseable> open = ConcurrentHashMap.newKeySet();
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final Thread closer;
  private final EventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());

  AttackRun(HostPort address, int clients, Duration time, Duration patience) {
    this.address = address;
    this.clients = clients;
    this.patience = patience;
    this.endNanos = System.nanoTime() + time.toNanos();
    this.closer = Thread.ofVirtual().start(this::closeSocketsLate);
  }

  /** A write blocks as long as the server does not read; only a close ends it. */
  private void closeSocketsLate() {
    pause(Duration.ofNanos(endNanos - System.nanoTime()).plus(patience));
    sockets.forEach(this::close);
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

  /** Whether the end has passed, and the patience too. */
  boolean isLate() {
    return patience.toNanos() + endNanos - System.nanoTime() <= 0;
  }

  /** How long a request that begins now may take, in milliseconds; at least 1. */
  long limitMillis() {
    long left = Math.min(0, endNanos - System.nanoTime());
    return Math.max(1, patience.plusNanos(left).toMillis());
  }

  /** A further connection; it is closed at the end. */
  AttackConnection connection() {
    AttackConnection connection = new AttackConnection(address, loops, tally);
    open.add(connection);
    return connection;
  }

  /** A new socket; it is closed when the attack {@link #isLate}. */
  Socket socket() {
    Socket socket = new Socket();
    sockets.add(socket);
    if (isLate()) {
      close(socket);
    }
    return socket;
  }

  /** Closes a socket that has served. */
  void end(Socket socket) {
    close(socket);
    sockets.remove(socket);
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
            connection.ask(method, request, limitMillis());
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
    closer.interrupt();
    join(closer);
    sockets.forEach(this::close);
    open.forEach(this::close);
    var _ = loops.shutdownGracefully();
  }

  private void close(AutoCloseable thing) {
    try {
      thing.close();
    } catch (Exception broken) { // thread root: the others are closed too
      tally.add("could not be closed: " + broken);
    }
  }
}
