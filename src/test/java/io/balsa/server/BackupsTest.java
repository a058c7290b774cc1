package io.balsa.server;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.balsa.bytes.Bytes;
import io.balsa.bytes.Sha256;
import io.balsa.host.TestDirectory;
import io.balsa.wire.BackupCodec;
import io.balsa.wire.BackupHead;
import io.balsa.wire.SnapshotCodec;
import io.balsa.wire.SnapshotManifest;
import io.balsa.wire.SnapshotManifest.Blob;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Backups whose digest is right, but whose state is not one. */
class BackupsTest {
  private static final int UNIT = 512;
  private static final byte[] CONTENT = {1, 2, 3};

  private Path root;

  @BeforeEach
  void makeRoot() throws IOException {
    root = TestDirectory.fresh();
  }

  @Test
  void aStateThatIsNoneIsToldInALine() throws Exception {
    refused(List.of(new Blob(".", 0, 0)), "the state in it is not whole");
    refused(List.of(new Blob("..", 0, 0)), "the state in it is not whole");
    refused(List.of(new Blob("a/b", 0, 0)), "the state in it is not whole");
    refused(List.of(new Blob("a\0b", 0, 0)), "the state in it is not whole");
    refused(List.of(new Blob("ñ", 0, 0)), "the state in it is not whole");
    refused(List.of(new Blob("x".repeat(201), 0, 0)), "the state in it is not whole");
    refused(List.of(), "the state in it is not whole");
    Blob store = new Blob("CURRENT", CONTENT.length, crcOfContent());
    refused(List.of(store), "the state in it cannot be used: cannot open the store in ");
    Blob other = new Blob("README", CONTENT.length, crcOfContent());
    refused(List.of(other), "the state in it cannot be used: ");
  }

  private void refused(List<Blob> blobs, String line) throws Exception {
    Path file = backup(blobs);
    assertThatThrownBy(() -> Backups.restore(file, settings()))
        .isInstanceOf(UnusableBackup.class)
        .hasMessageStartingWith(file + " cannot be used: " + line)
        .message()
        .doesNotContain("\n", "Exception");
  }

  private static int crcOfContent() {
    CRC32C crc = new CRC32C();
    crc.update(CONTENT);
    return (int) crc.getValue();
  }

  private ServerSettings settings() {
    return Loopback.alone(root.resolve("data")).build();
  }

  private Path backup(List<Blob> blobs) throws IOException {
    Bytes state = SnapshotCodec.encodeHead(new SnapshotManifest(blobs));
    boolean empty = blobs.stream().allMatch(blob -> blob.bytes() == 0);
    byte[] content = empty ? new byte[0] : CONTENT;
    long stateBytes = (long) state.size() + content.length;
    Bytes head = BackupCodec.encode(new BackupHead(1, 1, 1, 1, 1, -1, 1, 1, stateBytes));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(head.toArray());
    out.writeBytes(state.toArray());
    out.writeBytes(content);
    out.writeBytes(new byte[UNIT - out.size() % UNIT]);
    out.writeBytes(Sha256.of(Bytes.wrap(out.toByteArray())).toArray());
    return Files.write(root.resolve("backup.db"), out.toByteArray());
  }
}
