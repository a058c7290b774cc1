package io.balsa.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.kv.WriteId;
import io.grpc.Metadata;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Names of writes are never used twice, and no more are open under an id than are remembered. */
class WriteNamesTest {
  private final WriteNames names = new WriteNames();

  private WriteNames.Name take() {
    return Objects.requireNonNull(names.take());
  }

  private static String of(WriteNames.Name name, String header) {
    Metadata headers = new Metadata();
    name.addTo(headers);
    return headers.get(Metadata.Key.of(header, Metadata.ASCII_STRING_MARSHALLER));
  }

  private static String id(WriteNames.Name name) {
    return of(name, "balsa-client-id");
  }

  @Test
  void theWindowIsThatOfTheServers() {
    assertThat(WriteNames.WINDOW).isEqualTo(WriteId.WINDOW);
  }

  @Test
  void oneAfterTheOtherHasOneId() {
    String id = null;
    for (int i = 1; i <= 1_000; i++) {
      WriteNames.Name name = take();
      assertThat(of(name, "balsa-sequence")).isEqualTo(String.valueOf(i));
      assertThat(id(name)).isEqualTo(id == null ? id(name) : id);
      id = id(name);
      name.release();
    }
  }

  @Test
  void anOpenWriteHoldsItsIdUpAndAnotherIsTaken() {
    WriteNames.Name oldest = take();
    List<WriteNames.Name> others = new ArrayList<>();
    for (int i = 1; i < WriteNames.WINDOW; i++) {
      others.add(take());
    }
    assertThat(others).allMatch(each -> id(each).equals(id(oldest)));
    others.forEach(WriteNames.Name::release);

    WriteNames.Name next = take();

    assertThat(id(next)).isNotEqualTo(id(oldest));
  }

  @Test
  void whoHasTooManyOpenGetsNoName() {
    for (int i = 0; i < 64 * WriteNames.WINDOW; i++) {
      take();
    }
    assertThat(names.take()).isNull();
  }
}
