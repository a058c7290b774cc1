package io.balsa.systemd;

import io.balsa.logging.LogEvent;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The service manager that started this process, systemd in most cases. A message that cannot be
 * sent is one warning, once: the program does its work without a service manager too.
 *
 * <p>As etcd does, a server tells {@code READY=1} when it has joined its cluster, and a proxy when
 * it listens. etcd sends neither {@code STOPPING=1}, {@code STATUS=} nor {@code WATCHDOG=1}.
 */
public final class Supervisor {
  private static final LogEvent UNUSABLE =
      LogEvent.warn(
          "io.balsa.systemd",
          "the service manager cannot be told that this program is ready",
          "correct NOTIFY_SOCKET, or start the program without it");

  private static final LogEvent NOT_TOLD =
      LogEvent.warn(
          "io.balsa.systemd",
          "the service manager was not told the state of this program",
          "see the reason; a service manager that waits for it ends the program");

  private static final long LOOK_NANOS = Duration.ofMillis(20).toNanos();
  private static final long RETRY_NANOS = Duration.ofMillis(100).toNanos();
  private static final long STATUS_NANOS = Duration.ofSeconds(5).toNanos();

  private final @Nullable DatagramAddress address;
  private final long watchdogNanos;
  private final AtomicBoolean warned = new AtomicBoolean();
  private volatile boolean stopping;

  private Supervisor(@Nullable DatagramAddress address, long watchdogNanos) {
    this.address = address;
    this.watchdogNanos = watchdogNanos;
  }

  /**
   * The service manager that the environment names: {@code NOTIFY_SOCKET}, {@code WATCHDOG_USEC}
   * and {@code WATCHDOG_PID}. Without the first, every method does nothing.
   */
  public static Supervisor of(Map<String, String> environment) {
    String socket = environment.getOrDefault("NOTIFY_SOCKET", "");
    if (socket.isEmpty()) {
      return new Supervisor(null, 0);
    }
    try {
      return new Supervisor(new DatagramAddress(socket), watchdog(environment));
    } catch (IllegalArgumentException e) {
      UNUSABLE.log("reason", String.valueOf(e.getMessage()));
      return new Supervisor(null, 0);
    }
  }

  /** How long the program may be silent, in nanoseconds; 0 for as long as it likes. */
  private static long watchdog(Map<String, String> environment) {
    String process = environment.getOrDefault("WATCHDOG_PID", "");
    if (!process.isEmpty() && !process.equals(Long.toString(ProcessHandle.current().pid()))) {
      return 0;
    }
    String micros = environment.getOrDefault("WATCHDOG_USEC", "");
    try {
      return micros.isEmpty() ? 0 : Math.multiplyExact(Long.parseLong(micros), 1_000L);
    } catch (ArithmeticException | NumberFormatException _) {
      return 0;
    }
  }

  /** Says what the program does while it starts: one line for a person. */
  public void starting(String status) {
    boolean _ = send("STATUS=" + oneLine(status));
  }

  /**
   * Tells when the program is ready, until that message could be sent, and its status when it
   * changes. Where the service manager asks for it, tells {@code WATCHDOG=1} at least twice in the
   * time that it allows, each time after the program has proved that it works. Does so on a thread
   * of its own, until {@link #stopping}.
   */
  public void follow(Supervised program) {
    if (address != null) {
      Thread.ofPlatform().daemon().name("service-manager").start(() -> tell(program));
    }
  }

  private void tell(Supervised program) {
    while (!stopping && !program.isReady()) {
      LockSupport.parkNanos(LOOK_NANOS);
    }
    String told = null;
    while (!stopping) {
      String status = oneLine(program.status());
      if (!status.equals(told)) {
        boolean sent = send((told == null ? "READY=1\n" : "") + "STATUS=" + status);
        told = sent ? status : told;
      }
      LockSupport.parkNanos(told == null ? RETRY_NANOS : pauseNanos());
      if (watchdogNanos > 0) {
        awaitProof(program);
        tellWhileRunning("WATCHDOG=1");
      }
    }
  }

  private long pauseNanos() {
    return watchdogNanos > 0 ? Math.min(watchdogNanos / 2, STATUS_NANOS) : STATUS_NANOS;
  }

  /** Returns when the program has proved that it works: never, if it does not. */
  private static void awaitProof(Supervised program) {
    CompletableFuture<Void> proof = new CompletableFuture<>();
    program.prove(() -> proof.complete(null));
    proof.join();
  }

  private void tellWhileRunning(String message) {
    if (!stopping) {
      boolean _ = send(message);
    }
  }

  /** Tells that the program ends; nothing follows. */
  public void stopping() {
    stopping = true;
    boolean _ = send("STOPPING=1\nSTATUS=stopping");
  }

  private static String oneLine(String status) {
    return status.replace('\n', ' ');
  }

  private boolean send(String message) {
    if (address == null) {
      return false;
    }
    try {
      Datagram.send(message, address);
      return true;
    } catch (Throwable e) { // thread root: the program does its work without a supervisor too
      if (!warned.getAndSet(true)) {
        NOT_TOLD.log(
            "address",
            address.name(),
            "state",
            message.lines().findFirst().orElse(""),
            "reason",
            String.valueOf(e.getMessage()));
      }
      return false;
    }
  }
}
