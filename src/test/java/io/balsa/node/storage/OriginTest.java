package io.balsa.node.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.balsa.bytes.Bytes;
import io.balsa.bytes.Sha256;
import io.balsa.host.Disk;
import io.balsa.host.DiskFile;
import io.balsa.host.FileDisk;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OriginTest {
  @TempDir Path directory;

  @Test
  void aRestoredDirectoryHasAClusterIdOfItsOwn() throws IOException {
    Origin origin = new Origin(new FileDisk(directory));
    assertThat(origin.clusterId(7)).isEqualTo(7);

    origin.begin();
    assertThat(origin.isUnderWay()).isTrue();
    Bytes digest = Sha256.of(Bytes.utf8("a backup"));
    origin.end(digest);

    assertThat(origin.isUnderWay()).isFalse();
    assertThat(origin.clusterId(7)).isEqualTo(7 ^ digest.buffer().getLong());
  }

  @Test
  void aDigestThatWasCutOffIsNotTakenForAnId() throws IOException {
    Disk disk = new FileDisk(directory);
    Origin origin = new Origin(disk);
    origin.begin();
    origin.end(Sha256.of(Bytes.EMPTY));
    try (DiskFile file = disk.open("origin")) {
      file.truncate(Long.BYTES - 1);
    }

    assertThatThrownBy(() -> origin.clusterId(7)).isInstanceOf(EOFException.class);
  }
}
