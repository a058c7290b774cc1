import com.google.cloud.tools.jib.api.Containerizer;
import com.google.cloud.tools.jib.api.ImageReference;
import com.google.cloud.tools.jib.api.Jib;
import com.google.cloud.tools.jib.api.JibContainerBuilder;
import com.google.cloud.tools.jib.api.TarImage;
import com.google.cloud.tools.jib.api.buildplan.AbsoluteUnixPath;
import com.google.cloud.tools.jib.api.buildplan.FileEntriesLayer;
import com.google.cloud.tools.jib.api.buildplan.FilePermissions;
import com.google.cloud.tools.jib.api.buildplan.Platform;
import com.google.cloud.tools.jib.api.buildplan.Port;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Writes the container image as a tar, without a daemon and without a registry: a layer for each
 * folder in the given one, in the order of their names.
 */
final class Image {
  /** The one time of all files; the start-up cache remembers that of its jars. */
  private static final Instant WHEN = Instant.parse("2026-01-01T00:00:00Z");

  private static final String USER = "10001";

  private Image() {}

  /** Takes the folder of the layers' folders, the tar to write, and the image's name. */
  public static void main(String[] args) throws Exception {
    Path layers = Path.of(args[0]);
    JibContainerBuilder image = Jib.fromScratch();
    try (Stream<Path> folders = Files.list(layers)) {
      for (Path folder : folders.sorted().toList()) {
        image.addFileEntriesLayer(layer(folder));
      }
    }
    image
        .setPlatforms(Set.of(new Platform(architecture(), "linux")))
        .setEntrypoint("/usr/lib/balsa/balsa")
        .setProgramArguments("server")
        .setUser(USER + ":" + USER)
        .setWorkingDirectory(AbsoluteUnixPath.get("/"))
        // BALSA_* wins over ETCD_*, so an operator's setting wins over these under either name
        .setEnvironment(
            Map.of(
                "PATH", "/usr/bin:/bin",
                "LANG", "C.UTF-8",
                "ETCD_DATA_DIR", "/var/lib/balsa/data",
                "ETCD_LISTEN_CLIENT_URLS", "http://0.0.0.0:2379",
                "ETCD_ADVERTISE_CLIENT_URLS", "http://localhost:2379",
                "ETCD_LISTEN_PEER_URLS", "http://0.0.0.0:2380",
                "ETCD_INITIAL_ADVERTISE_PEER_URLS", "http://localhost:2380"))
        .setExposedPorts(Set.of(Port.tcp(2379), Port.tcp(2380), Port.tcp(23790)))
        .setVolumes(Set.of(AbsoluteUnixPath.get("/var/lib/balsa")))
        .setLabels(
            Map.of(
                "org.opencontainers.image.title", "balsa",
                "org.opencontainers.image.licenses", "Apache-2.0"))
        .setCreationTime(WHEN)
        .containerize(
            Containerizer.to(TarImage.at(Path.of(args[1])).named(ImageReference.parse(args[2])))
                .setToolName("balsa")
                .setOfflineMode(true)
                .setBaseImageLayersCache(layers.resolveSibling("cache"))
                .setApplicationLayersCache(layers.resolveSibling("cache")));
  }

  private static String architecture() {
    String java = System.getProperty("os.arch");
    return java.equals("aarch64") ? "arm64" : java;
  }

  /** Jib follows links, so a file that several names have is stored once for each. */
  private static FileEntriesLayer layer(Path folder) throws Exception {
    FileEntriesLayer.Builder layer =
        FileEntriesLayer.builder().setName(folder.getFileName().toString());
    List<Path> paths;
    try (Stream<Path> all = Files.walk(folder)) {
      paths = all.sorted().filter(path -> !path.equals(folder)).toList();
    }
    for (Path path : paths) {
      AbsoluteUnixPath inside = AbsoluteUnixPath.get("/" + folder.relativize(path));
      layer.addEntry(path, inside, permissions(path), WHEN, owner(inside.toString()));
    }
    return layer.build();
  }

  private static FilePermissions permissions(Path path) throws Exception {
    String text =
        PosixFilePermissions.toString(
            Files.getPosixFilePermissions(
                path,
                Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)
                    ? new LinkOption[] {LinkOption.NOFOLLOW_LINKS}
                    : new LinkOption[0]));
    int bits = 0;
    for (char each : text.toCharArray()) {
      bits = bits << 1 | (each == '-' ? 0 : 1);
    }
    return FilePermissions.fromOctalString(Integer.toOctalString(bits));
  }

  private static String owner(String path) {
    return path.startsWith("/var/lib/balsa") ? USER + ":" + USER : "0:0";
  }
}
