package io.balsa.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Failures of gRPC as text. */
class GrpcFailureTest {
  private static final Status DESCRIBED = Status.UNAVAILABLE.withDescription("io exception");
  private final IOException nested =
      new IOException("outer", new IllegalStateException("Connection refused"));

  @Test
  void aStatusWithoutADescriptionIsNamedByItsCode() {
    assertThat(GrpcFailure.text(Status.CANCELLED)).isEqualTo("CANCELLED");
    assertThat(GrpcFailure.text(DESCRIBED)).isEqualTo("io exception");
  }

  @Test
  void theRootCauseStandsInParentheses() {
    assertThat(GrpcFailure.textWithCause(DESCRIBED)).isEqualTo("io exception");
    assertThat(GrpcFailure.textWithCause(DESCRIBED.withCause(nested)))
        .isEqualTo("io exception (Connection refused)");
    assertThat(GrpcFailure.textWithCause(Status.UNKNOWN.withCause(new IOException())))
        .isEqualTo("UNKNOWN");
  }

  @Test
  void aRootCauseWithoutAMessageIsNamedByItsClass() {
    assertThat(GrpcFailure.rootMessage(nested)).isEqualTo("Connection refused");
    assertThat(GrpcFailure.rootMessage(new IOException("outer", new ArithmeticException())))
        .isEqualTo("ArithmeticException");
  }

  @Test
  void aServersOwnWordsBeginAsEtcds() {
    assertThat(GrpcFailure.isServersOwn(Status.UNAVAILABLE)).isFalse();
    assertThat(GrpcFailure.isServersOwn(DESCRIBED)).isFalse();
    assertThat(
            GrpcFailure.isServersOwn(
                Status.UNAVAILABLE.withDescription("etcdserver: request timed out")))
        .isTrue();
  }

  @Test
  void theHostThatCannotBeResolvedIsNamed() {
    Status unresolved = Status.UNAVAILABLE.withDescription("Unable to resolve host nowhere");
    assertThat(GrpcFailure.unresolvedHost(unresolved)).isEqualTo("nowhere");
    assertThat(GrpcFailure.unresolvedHost(DESCRIBED)).isNull();
    assertThat(GrpcFailure.unresolvedHost(Status.UNAVAILABLE)).isNull();
  }
}
