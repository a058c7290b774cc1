package io.balsa.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.balsa.wal.MemoryDisk;
import org.junit.jupiter.api.Test;

class DiskWaitTest {
  @Test
  void aWaitThatIsCancelledEndsAsAsked() {
    MemoryDisk full = new MemoryDisk(1);
    full.space(0);
    assertThatThrownBy(() -> DiskWait.until(full, 0, () -> true))
        .isInstanceOfSatisfying(ServerFailure.class, e -> assertThat(e.isAsked()).isTrue())
        .hasMessage("ended as asked, before there was room on the disk");
  }
}
