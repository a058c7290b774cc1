package io.balsa.cli;

import io.balsa.ctl.BadInput;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options of {@code etcdutl snapshot restore} that Balsa refuses by name, or needs not. */
final class RestoreRefusals {
  @Option(names = "--wal-dir", hidden = true, description = "refused: it is in the data directory")
  private @Nullable String walDir;

  @Option(names = "--skip-hash-check", hidden = true, description = "refused: always checked")
  private boolean skipHashCheck;

  @Option(names = "--bump-revision", hidden = true, description = "refused: not supported")
  private long bumpRevision;

  @Option(names = "--mark-compacted", hidden = true, description = "refused: not supported")
  private boolean markCompacted;

  @Option(names = "--initial-memory-map-size", hidden = true, description = "has no effect")
  @Nullable String memoryMapSize;

  void refuse() {
    if (walDir != null && !walDir.isEmpty()) {
      throw new BadInput("--wal-dir: the log is always in the data directory; leave it out");
    }
    if (skipHashCheck) {
      throw new BadInput(
          "--skip-hash-check: a file whose digest is missing or wrong is no backup of Balsa;"
              + " take one with 'balsa snapshot save'");
    }
    if (bumpRevision != 0 || markCompacted) {
      throw new BadInput(
          "--bump-revision and --mark-compacted are not supported: start caches and controllers"
              + " that watch anew after a restore");
    }
  }
}
