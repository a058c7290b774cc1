package io.balsa.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.lanes.Outcome;
import io.grpc.Attributes;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.Status;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WaitingCallTest {
  private static final int OF_CONNECTION = 250;
  private static final int OF_ALL = 1_000;

  private final List<Runnable> dones = new ArrayList<>();
  private final List<Consumer<Outcome.Failure>> failures = new ArrayList<>();

  /** A call of a connection; it keeps how it ended. */
  private static final class Call extends ServerCall<String, String> {
    private final Attributes attributes;
    private boolean refused;

    Call(int port) {
      this.attributes =
          Attributes.newBuilder()
              .set(
                  Grpc.TRANSPORT_ATTR_REMOTE_ADDR,
                  new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
              .build();
    }

    @Override
    public Attributes getAttributes() {
      return attributes;
    }

    @Override
    public void close(Status status, Metadata trailers) {
      refused = status.getCode() == Status.Code.RESOURCE_EXHAUSTED;
    }

    @Override
    public void request(int messages) {}

    @Override
    public void sendHeaders(Metadata headers) {}

    @Override
    public void sendMessage(String message) {}

    @Override
    public boolean isCancelled() {
      return false;
    }

    @Override
    public MethodDescriptor<String, String> getMethodDescriptor() {
      throw new IllegalStateException("not asked for");
    }
  }

  private ServerCall.Listener<String> begin(Call call) {
    return WaitingCall.begin(
        call,
        (_, _, done, failed) -> {
          dones.add(done);
          failures.add(failed);
        },
        7,
        () -> new ServerCall.Listener<>() {});
  }

  /** Begins calls of a connection until one is refused. */
  private int fill(int port) {
    int begun = 0;
    Call call = new Call(port);
    var _ = begin(call);
    while (!call.refused) {
      begun++;
      call = new Call(port);
      var _ = begin(call);
    }
    return begun;
  }

  /** The places are of the process. */
  @AfterEach
  void end() {
    failures.forEach(each -> each.accept(Outcome.Failure.TIMED_OUT));
  }

  @Test
  void oneConnectionHasAQuarterOfThePlaces() {
    assertThat(fill(1)).isEqualTo(OF_CONNECTION);
    assertThat(fill(2)).isEqualTo(OF_CONNECTION);
    assertThat(fill(3)).isEqualTo(OF_CONNECTION);
    assertThat(fill(4)).isEqualTo(OF_CONNECTION);
    assertThat(fill(5)).isZero();
  }

  @Test
  void aCancelledCallGivesItsPlaceBackOnce() {
    for (int i = 0; i < 2 * OF_ALL; i++) {
      Call call = new Call(1);
      ServerCall.Listener<String> listener = begin(call);
      assertThat(call.refused).isFalse();
      listener.onCancel();
      listener.onCancel();
    }
    failures.forEach(each -> each.accept(Outcome.Failure.TIMED_OUT));
    failures.clear();
    assertThat(fill(1)).isEqualTo(OF_CONNECTION);
  }

  @Test
  void aCallThatBeginsGivesItsPlaceBack() {
    assertThat(fill(1)).isEqualTo(OF_CONNECTION);
    dones.forEach(Runnable::run);
    assertThat(fill(1)).isEqualTo(OF_CONNECTION);
  }
}
