package io.balsa.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.bytes.Bytes;
import org.junit.jupiter.api.Test;

/** The layout of a queue's keys, which is etcd's. */
class QueueKeysTest {
  private static final QueueKeys KEYS = QueueKeys.named(Bytes.utf8("name"));

  @Test
  void theRangeHoldsTheKeysOfTheQueueAlone() {
    assertThat(KEYS.prefix()).isEqualTo(Bytes.utf8("name/"));
    assertThat(KEYS.end()).isEqualTo(Bytes.utf8("name0"));
    assertThat(KEYS.key(1)).isGreaterThan(KEYS.prefix()).isLessThan(KEYS.end());
    assertThat(QueueKeys.named(Bytes.utf8("name.more")).key(1)).isLessThan(KEYS.prefix());
    assertThat(QueueKeys.named(Bytes.utf8("name1")).key(1)).isGreaterThan(KEYS.end());
  }

  @Test
  void aQueueMayHaveNoName() {
    QueueKeys nameless = QueueKeys.named(Bytes.EMPTY);
    assertThat(nameless.prefix()).isEqualTo(Bytes.utf8("/"));
    assertThat(nameless.end()).isEqualTo(Bytes.utf8("0"));
  }

  /** Go's {@code fmt.Sprintf("%x", id)}. */
  @Test
  void aKeyEndsWithItsLeaseAsGoPrintsIt() {
    assertThat(KEYS.key(0x1234_abcdL)).isEqualTo(Bytes.utf8("name/1234abcd"));
    assertThat(KEYS.key(-0x1234_abcdL)).isEqualTo(Bytes.utf8("name/-1234abcd"));
    assertThat(KEYS.key(Long.MAX_VALUE)).isEqualTo(Bytes.utf8("name/7fffffffffffffff"));
    assertThat(KEYS.key(Long.MIN_VALUE)).isEqualTo(Bytes.utf8("name/-8000000000000000"));
  }

  @Test
  void theFirstIsTheOldest() {
    assertThat(KEYS.first())
        .isEqualTo(new KeySearch(KEYS.prefix(), KEYS.end(), KeySearch.Order.OLDEST, 0));
  }
}
