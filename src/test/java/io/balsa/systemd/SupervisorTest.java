package io.balsa.systemd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.balsa.host.Until;
import java.nio.file.Path;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SupervisorTest {
  /** 40 ms. */
  private static final String WATCHDOG = "40000";

  @TempDir Path folder;

  /** A program whose answers the test chooses. */
  private static final class Program implements Supervised {
    volatile boolean ready;
    volatile boolean works = true;
    volatile String status = "idle";
    final AtomicInteger proofs = new AtomicInteger();

    @Override
    public boolean isReady() {
      return ready;
    }

    @Override
    public String status() {
      return status;
    }

    @Override
    public void prove(Runnable done) {
      proofs.incrementAndGet();
      if (works) {
        done.run();
      }
    }
  }

  @Test
  void systemdHearsReadyStatusProofsAndTheEnd() throws Exception {
    String address = folder.resolve("notify").toString();
    try (NotifyReceiver systemd = NotifyReceiver.at(address)) {
      Supervisor supervisor =
          Supervisor.of(Map.of("NOTIFY_SOCKET", address, "WATCHDOG_USEC", WATCHDOG));
      Program program = new Program();
      supervisor.starting("opening\nthe data");
      systemd.await("STATUS=opening the data");
      supervisor.follow(program);
      assertThat(systemd.lines()).hasSize(1);
      program.ready = true;
      systemd.await("READY=1");
      systemd.await("STATUS=idle");
      systemd.await("WATCHDOG=1");
      program.status = "busy";
      systemd.await("STATUS=busy");
      supervisor.stopping();
      systemd.await("STOPPING=1");
    }
  }

  @Test
  void aProgramThatHangsProvesNothing() throws Exception {
    try (NotifyReceiver systemd = NotifyReceiver.at("@balsa-test-" + folder.getFileName())) {
      Supervisor supervisor =
          Supervisor.of(
              Map.of(
                  "NOTIFY_SOCKET",
                  "@balsa-test-" + folder.getFileName(),
                  "WATCHDOG_USEC",
                  WATCHDOG,
                  "WATCHDOG_PID",
                  Long.toString(ProcessHandle.current().pid())));
      Program program = new Program();
      program.ready = true;
      supervisor.follow(program);
      systemd.await("WATCHDOG=1");
      program.works = false;
      int before = program.proofs.get();
      Until.until(() -> "no proof was asked for", () -> program.proofs.get() > before);
      Until.untilStill(() -> systemd.lines().size());
      supervisor.stopping();
    }
  }

  @Test
  void theWatchdogOfAnotherProcessIsNotOurs() throws Exception {
    String address = folder.resolve("notify").toString();
    try (NotifyReceiver systemd = NotifyReceiver.at(address)) {
      Supervisor supervisor =
          Supervisor.of(
              Map.of("NOTIFY_SOCKET", address, "WATCHDOG_USEC", "1000", "WATCHDOG_PID", "1"));
      Program program = new Program();
      program.ready = true;
      supervisor.follow(program);
      systemd.await("READY=1");
      Until.untilStill(() -> systemd.lines().size());
      supervisor.stopping();
      systemd.await("STOPPING=1");
      assertThat(systemd.lines()).doesNotContain("WATCHDOG=1");
    }
  }

  @Test
  void withoutASocketNothingHappens() {
    Supervisor supervisor = Supervisor.of(Map.of("WATCHDOG_USEC", WATCHDOG));
    Program program = new Program();
    program.ready = true;
    supervisor.starting("starting");
    supervisor.follow(program);
    supervisor.stopping();
    assertThat(program.proofs).hasValue(0);
  }

  @Test
  void aSocketThatIsNotThereIsOneWarning() {
    String address = folder.resolve("nobody").toString();
    Queue<String> warnings = new ConcurrentLinkedQueue<>();
    Logger log = Logger.getLogger("io.balsa");
    Handler handler = new Collecting(warnings);
    log.addHandler(handler);
    try {
      Supervisor supervisor = Supervisor.of(Map.of("NOTIFY_SOCKET", address));
      supervisor.starting("starting");
      supervisor.stopping();
      Supervisor.of(Map.of("NOTIFY_SOCKET", "vsock:2:1234")).stopping();
    } finally {
      log.removeHandler(handler);
    }
    assertThat(warnings).hasSize(2);
    assertThat(warnings.poll())
        .startsWith("the service manager was not told the state of this program; ")
        .contains(address, "state=\"STATUS=starting\"", "No such file or directory");
    assertThat(warnings.poll())
        .startsWith("the service manager cannot be told that this program is ready; ")
        .contains("'vsock:2:1234' is neither an absolute path nor @ and a name");
  }

  @Test
  void readyIsToldAgainUntilItIsSent() throws Exception {
    String address = folder.resolve("late").toString();
    Supervisor supervisor = Supervisor.of(Map.of("NOTIFY_SOCKET", address));
    Program program = new Program();
    Queue<String> warnings = new ConcurrentLinkedQueue<>();
    Logger log = Logger.getLogger("io.balsa");
    Handler handler = new Collecting(warnings);
    log.addHandler(handler);
    try {
      program.ready = true;
      supervisor.follow(program);
      Until.until(() -> "no warning", () -> !warnings.isEmpty());
    } finally {
      log.removeHandler(handler);
    }
    try (NotifyReceiver systemd = NotifyReceiver.at(address)) {
      systemd.await("READY=1");
      supervisor.stopping();
      systemd.await("STOPPING=1");
    }
  }

  @Test
  void anAddressIsAsLongAsTheKernelTakes() {
    new DatagramAddress("/" + "p".repeat(106));
    assertThatThrownBy(() -> new DatagramAddress("/" + "p".repeat(107)))
        .hasMessageContaining("longer than an address may be");
  }

  private static final class Collecting extends Handler {
    private final Queue<String> warnings;

    Collecting(Queue<String> warnings) {
      this.warnings = warnings;
    }

    @Override
    public void publish(LogRecord line) {
      warnings.add(
          line.getParameters() == null
              ? line.getMessage()
              : java.text.MessageFormat.format(line.getMessage(), line.getParameters()));
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
