package io.balsa.node.watches;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.balsa.watch.WatchAnswer;
import io.balsa.watch.WatchSink;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A client that cannot be sent to loses its stream, and nobody else does. */
class GuardedSinkTest {
  private static final WatchAnswer ANSWER = new WatchAnswer.Created(1, 2);

  private final List<String> told = new ArrayList<>();
  private @Nullable RuntimeException failure;
  private @Nullable Error error;
  private boolean endFails;

  private final GuardedSink sink = new GuardedSink(new Failing(), () -> told.add("failed"));

  private final class Failing implements WatchSink {
    private void maybeFail() {
      if (failure != null) {
        throw failure;
      }
      if (error != null) {
        throw error;
      }
    }

    @Override
    public boolean isReady() {
      maybeFail();
      return true;
    }

    @Override
    public boolean takeRoom(long bytes) {
      maybeFail();
      return true;
    }

    @Override
    public void send(WatchAnswer answer) {
      maybeFail();
      told.add("sent");
    }

    @Override
    public void flush(boolean more) {
      maybeFail();
      told.add("flushed");
    }

    @Override
    public void end(End why) {
      told.add("ended " + why);
      if (endFails) {
        throw new IllegalStateException("its call has ended");
      }
    }
  }

  private void fail() {
    failure = new IllegalStateException("on purpose");
  }

  @Test
  void aSinkThatWorksIsPassedThrough() {
    assertThat(sink.isReady()).isTrue();
    assertThat(sink.takeRoom(1)).isTrue();
    sink.send(ANSWER);
    sink.flush(false);

    assertThat(told).containsExactly("sent", "flushed");
  }

  @Test
  void aFailureOfAnyCallEndsTheStream() {
    fail();
    List<Consumer<WatchSink>> calls =
        List.of(
            WatchSink::isReady,
            each -> each.takeRoom(1),
            each -> each.send(ANSWER),
            each -> each.flush(true));
    for (Consumer<WatchSink> call : calls) {
      told.clear();
      call.accept(new GuardedSink(new Failing(), () -> told.add("failed")));
      assertThat(told).containsExactly("ended FAILED", "failed");
    }
  }

  @Test
  void aStreamThatFailedIsSentNothingMoreAndFailsOnce() {
    fail();
    sink.send(ANSWER);
    failure = null;
    sink.send(ANSWER);
    sink.flush(false);
    sink.giveUp();

    assertThat(sink.isReady()).isFalse();
    assertThat(sink.takeRoom(1)).isFalse();
    assertThat(told).containsExactly("ended FAILED", "failed");
  }

  /** Buffers outside the heap are missing: clients give them back. */
  @Test
  void aMissingBufferEndsTheStream() {
    error = new OutOfMemoryError("direct buffer memory");
    assertThat(sink.takeRoom(1)).isFalse();

    assertThat(told).containsExactly("ended FAILED", "failed");
  }

  @Test
  void aFaultOfThisServerIsNotTheClientsAlone() {
    error = new AssertionError("on purpose");

    assertThatThrownBy(() -> sink.send(ANSWER)).hasMessage("on purpose");
  }

  @Test
  void aStreamWhoseCallHasEndedMeanwhileEndsQuietly() {
    endFails = true;
    sink.giveUp();
    sink.giveUp();

    assertThat(told).containsExactly("ended FAILED");
    assertThat(sink.isReady()).isFalse();
  }
}
