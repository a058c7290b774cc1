package io.balsa.server;

import io.balsa.logging.LogEvent;
import io.balsa.login.TokenScheme;
import io.balsa.tls.TlsFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Tells of private keys that every user of the machine may read. A group may read a key, because
 * secrets of Kubernetes and the group ssl-cert of Debian do so.
 */
public final class ExposedKeys {
  private static final LogEvent EXPOSED =
      LogEvent.warn(
          "io.balsa.server",
          "every user of this machine can read a private key",
          "let its owner alone read it: chmod 600, and make a new key if others had time to read");

  private ExposedKeys() {}

  /** Logs one line if there are such keys among these files. */
  public static void warn(List<@Nullable Path> keys) {
    List<Path> exposed =
        keys.stream().filter(Objects::nonNull).filter(ExposedKeys::othersRead).distinct().toList();
    if (!exposed.isEmpty()) {
      EXPOSED.log("files", exposed);
    }
  }

  /** The private keys of a server, for TLS and for tokens. */
  static List<@Nullable Path> of(ServerSettings settings) {
    List<@Nullable Path> keys = new ArrayList<>(of(settings.clientTls().files()));
    keys.addAll(of(settings.peerTls().files()));
    if (settings.access().tokens() instanceof TokenScheme.Jwt jwt) {
      keys.add(jwt.privateKey());
    }
    return keys;
  }

  /** The private keys of one use of TLS. */
  public static List<@Nullable Path> of(TlsFiles files) {
    return Arrays.asList(files.key(), files.clientKey());
  }

  /** A missing file, or a file system without permissions, is told of elsewhere or cannot be. */
  private static boolean othersRead(Path key) {
    try {
      return Files.getPosixFilePermissions(key).contains(PosixFilePermission.OTHERS_READ);
    } catch (IOException | UnsupportedOperationException _) {
      return false;
    }
  }
}
