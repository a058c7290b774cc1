package io.balsa.certs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyFilesTest {
  @TempDir Path directory;

  @Test
  void keysAreForTheirOwnerAlone() throws Exception {
    Path secret = directory.resolve("key.pem");
    Path open = directory.resolve("cert.pem");
    Files.writeString(secret, "older");

    KeyFiles.writeSecret(secret, "a key");
    KeyFiles.writePublic(open, "a certificate");

    assertThat(permissions(secret)).isEqualTo("rw-------");
    assertThat(permissions(open)).isEqualTo("rw-r--r--");
    assertThat(secret).hasContent("a key");
    assertThat(open).hasContent("a certificate");
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files).containsExactlyInAnyOrder(secret, open);
    }
  }

  private static String permissions(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }
}
