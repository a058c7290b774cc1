package io.balsa.node.reads;

import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.bytes.HostPort;
import io.balsa.engine.Engine;
import io.balsa.engine.EngineFailure;
import io.balsa.engine.MemoryEngines;
import io.balsa.engine.MemoryMedium;
import io.balsa.host.FileDisk;
import io.balsa.host.GrpcNetwork;
import io.balsa.host.Lane;
import io.balsa.host.RealHost;
import io.balsa.host.TestDirectory;
import io.balsa.kv.Reading;
import io.balsa.kv.Store;
import io.balsa.kv.StoreReader;
import io.balsa.lanes.AnswerRoom;
import io.balsa.lanes.Outcome;
import io.balsa.lanes.StillClock;
import io.balsa.node.storage.OpenStore;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a failing read ends, on a lane with a thread. */
@Timeout(20)
class ReadFailuresTest {
  private final CompletableFuture<String> halted = new CompletableFuture<>();
  private final LinkedBlockingQueue<String> told = new LinkedBlockingQueue<>();
  private final GrpcNetwork network = new GrpcNetwork(List.of(new HostPort("127.0.0.1", 0)));
  private final Engine engine = new MemoryEngines(new MemoryMedium()).open("state");
  private final OpenStore state = new OpenStore("state", engine, Store.open(engine, List.of()));
  private @Nullable Lane lane;
  private @Nullable RealHost host;

  @BeforeEach
  void open() throws IOException {
    FileDisk disk = new FileDisk(TestDirectory.fresh());
    host = new RealHost(disk, network, halted::complete, _ -> {});
    lane = host.serviceLane("reads");
  }

  @AfterEach
  void close() {
    if (lane != null) {
      lane.close();
    }
    network.close();
  }

  private ReadLane reads(Supplier<@Nullable OpenStore> from) {
    return new ReadLane(Objects.requireNonNull(lane), new StillClock(), from, () -> 1);
  }

  /** A read that throws an error when it begins; with null it ends well. */
  private final class Asked extends Read {
    private final String name;
    private final @Nullable Error failure;

    Asked(String name, @Nullable Error failure) {
      super(Kind.SCAN, Long.MAX_VALUE, AnswerRoom.UNBOUNDED);
      this.name = name;
      this.failure = failure;
    }

    @Override
    Reading<?> begin(StoreReader reader) {
      if (failure != null) {
        throw failure;
      }
      return StoreReader.atOnce(() -> "done");
    }

    @Override
    void answer() {
      told.add(name + " done");
    }

    @Override
    void failed(Outcome.Failure why) {
      told.add(name + " " + why);
    }
  }

  private String next() throws InterruptedException {
    return String.valueOf(told.poll(10, TimeUnit.SECONDS));
  }

  @Test
  void aStoreThatFailsEndsTheProcess() throws Exception {
    ReadLane reads = reads(() -> state);
    reads.serve(
        0,
        Read.of(
            Read.Kind.SCAN,
            Long.MAX_VALUE,
            _ -> {
              throw new EngineFailure("cannot read", new IOException("damaged"));
            },
            _ -> {}));
    assertThat(halted.get(10, TimeUnit.SECONDS)).contains("lane reads failed", "cannot read");
  }

  /** Open reads are counted, and a client waits for each. */
  @Test
  void aReadIsToldOfWhateverEndsIt() throws Exception {
    ReadLane reads = reads(() -> state);
    reads.serve(0, new Asked("deep", new StackOverflowError()));
    reads.serve(0, new Asked("wide", new OutOfMemoryError("9 bytes of direct buffer memory")));
    reads.serve(0, new Asked("wrong", new AssertionError("on purpose")));
    reads.serve(0, new Asked("whole", null));
    assertThat(List.of(next(), next(), next(), next()))
        .containsExactly("deep READ_FAILED", "wide READ_FAILED", "wrong READ_FAILED", "whole done");
    assertThat(halted).isNotDone();
  }

  @Test
  void readsForWhichThereIsNoViewAreTold() throws Exception {
    ReadLane reads =
        reads(
            () -> {
              throw new StackOverflowError();
            });
    reads.serve(0, new Asked("one", null));
    reads.serve(0, new Asked("other", null));
    assertThat(List.of(next(), next())).containsExactly("one READ_FAILED", "other READ_FAILED");
    assertThat(halted).isNotDone();
  }
}
