package io.balsa.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.bytes.ProtocolLimits;
import io.grpc.Metadata;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * A name of a write is used once. At most as many names are open under an id as servers remember.
 */
class WriteNamesTest {
  private final WriteNames names = new WriteNames();

  private WriteNames.Name take() {
    return Objects.requireNonNull(names.take());
  }

  private static @Nullable String of(WriteNames.Name name, String header) {
    Metadata headers = new Metadata();
    name.addTo(headers);
    return headers.get(Metadata.Key.of(header, Metadata.ASCII_STRING_MARSHALLER));
  }

  private static String id(WriteNames.Name name) {
    return Objects.requireNonNull(of(name, "balsa-client-id"));
  }

  @Test
  void onlyTheFirstTrySaysThatItIsTheFirst() {
    WriteNames.Name name = take();
    assertThat(of(name, "balsa-first")).isEqualTo("1");
    assertThat(of(name, "balsa-first")).isNull();
    assertThat(of(take(), "balsa-first")).isEqualTo("1");
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
    for (int i = 1; i < ProtocolLimits.WRITE_WINDOW; i++) {
      others.add(take());
    }
    assertThat(others).allMatch(each -> id(each).equals(id(oldest)));
    others.forEach(WriteNames.Name::release);

    WriteNames.Name next = take();

    assertThat(id(next)).isNotEqualTo(id(oldest));
  }

  @Test
  void aNameThatIsGivenUpIsTakenForNoOtherWrite() {
    WriteNames.Name forgotten = take();
    forgotten.giveUp();
    forgotten.release();
    WriteNames.Name next = take();
    assertThat(id(next)).isNotEqualTo(id(forgotten));
    assertThat(of(next, "balsa-sequence")).isEqualTo("1");
  }

  @Test
  void manyNamesMayBeGivenUp() {
    for (int i = 0; i < 1_000; i++) {
      WriteNames.Name name = take();
      name.giveUp();
      name.release();
    }
    take();
  }

  @Test
  void anIdSaysHowOldItIsAsSoonAsThatIsKnown() {
    AtomicLong applied = new AtomicLong();
    WriteNames aging = new WriteNames(applied::get);
    WriteNames.Name unknown = Objects.requireNonNull(aging.take());
    assertThat(of(unknown, "balsa-client-since")).isNull();
    applied.set(500);
    WriteNames.Name known = Objects.requireNonNull(aging.take());
    applied.set(900);
    WriteNames.Name next = Objects.requireNonNull(aging.take());
    assertThat(id(known)).isNotEqualTo(id(unknown)).isEqualTo(id(next));
    assertThat(of(known, "balsa-client-since")).isEqualTo("500");
    assertThat(of(next, "balsa-client-since")).isEqualTo("500");
  }

  @Test
  void anAnswerSaysThatNamesAreUnderstoodAndWhatIsApplied() {
    Metadata headers = new Metadata();
    assertThat(WriteNames.areUnderstood(headers)).isFalse();
    assertThat(WriteNames.appliedIn(headers)).isZero();
    new WriteNames(() -> 12).tell(headers);
    assertThat(WriteNames.areUnderstood(headers)).isTrue();
    assertThat(WriteNames.appliedIn(headers)).isEqualTo(12);
    assertThat(headers.get(Metadata.Key.of("balsa-remembers", Metadata.ASCII_STRING_MARSHALLER)))
        .isEqualTo("128");
    Metadata wrong = new Metadata();
    wrong.put(Metadata.Key.of("balsa-applied", Metadata.ASCII_STRING_MARSHALLER), "x");
    assertThat(WriteNames.appliedIn(wrong)).isZero();
  }

  @Test
  void whoHasTooManyOpenGetsNoName() {
    for (int i = 0; i < 64 * ProtocolLimits.WRITE_WINDOW; i++) {
      take();
    }
    assertThat(names.take()).isNull();
  }
}
