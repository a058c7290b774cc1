package io.balsa.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.bytes.HostPort;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class ServiceLaneTest {
  private final CompletableFuture<String> halted = new CompletableFuture<>();
  private final ConcurrentLinkedQueue<String> counted = new ConcurrentLinkedQueue<>();
  private final GrpcNetwork network = new GrpcNetwork(List.of(new HostPort("127.0.0.1", 0)));
  private final RealHost host = host();

  private RealHost host() {
    try {
      Disk disk = new FileDisk(TestDirectory.fresh());
      return new RealHost(disk, network, halted::complete, counted::add);
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @AfterEach
  void close() {
    network.close();
  }

  private static Runnable failing(Error failure) {
    return () -> {
      throw failure;
    };
  }

  private static <T> T soon(CompletableFuture<T> future) throws Exception {
    return future.get(10, TimeUnit.SECONDS);
  }

  @Test
  void aTaskThatFailsIsCountedAndTheLaneGoesOn() throws Exception {
    CompletableFuture<Boolean> recovered = new CompletableFuture<>();
    CompletableFuture<Boolean> next = new CompletableFuture<>();
    Lane lane = host.serviceLane("reads", () -> recovered.complete(true));
    lane.run(failing(new AssertionError("on purpose")));
    lane.after(1, failing(new StackOverflowError()));
    lane.after(2_000_000, () -> next.complete(true));
    assertThat(soon(recovered)).isTrue();
    assertThat(soon(next)).isTrue();
    assertThat(counted).containsExactly("reads", "reads");
    assertThat(halted).isNotDone();
    lane.close();
  }

  /** Buffers outside the heap are held by clients, and come back. */
  @Test
  void aLackOfDirectMemoryIsContained() throws Exception {
    CompletableFuture<Boolean> next = new CompletableFuture<>();
    Lane lane = host.serviceLane("watches");
    lane.run(failing(new OutOfMemoryError("Cannot reserve 9 bytes of direct buffer memory")));
    lane.run(() -> next.complete(true));
    assertThat(soon(next)).isTrue();
    assertThat(halted).isNotDone();
    lane.close();
  }

  @Test
  void aFullHeapEndsTheProcess() throws Exception {
    host.serviceLane("scans").run(failing(new OutOfMemoryError("Java heap space")));
    assertThat(soon(halted)).contains("lane scans failed", "Java heap space");
  }

  @Test
  void aLaneThatCannotRecoverEndsTheProcess() throws Exception {
    Lane lane =
        host.serviceLane(
            "duties",
            () -> {
              throw new IllegalStateException("still broken");
            });
    lane.run(failing(new AssertionError("on purpose")));
    assertThat(soon(halted)).contains("lane duties failed", "still broken");
  }

  @Test
  void whatThePromisesRestOnEndsTheProcess() throws Exception {
    host.lane("apply").run(failing(new AssertionError("on purpose")));
    assertThat(soon(halted)).contains("lane apply failed", "on purpose");
    assertThat(counted).isEmpty();
  }

  @Test
  void soDoesTheNetworkLane() throws Exception {
    host.networkLane("raft").run(failing(new AssertionError("on purpose")));
    assertThat(soon(halted)).contains("lane raft failed");
  }
}
