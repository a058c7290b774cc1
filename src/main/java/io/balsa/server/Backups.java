package io.balsa.server;

import io.balsa.backups.BackupDamaged;
import io.balsa.backups.BackupFile;
import io.balsa.engine.EngineFailure;
import io.balsa.engine.RocksEngines;
import io.balsa.host.DataDirectory;
import io.balsa.host.DiskFile;
import io.balsa.host.FileDisk;
import io.balsa.node.Restore;
import io.balsa.node.StartupFailure;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Backup files. A backup holds every key's value, so only the file's owner may read it. */
public final class Backups {
  private static final int BUFFER_BYTES = 1 << 20;

  private Backups() {}

  /**
   * Where the bytes of a backup come from.
   *
   * @param <E> what it throws when it cannot go on
   */
  public interface Source<E extends Exception> {
    /** Writes all bytes of the backup. */
    void writeTo(OutputStream out) throws IOException, E;
  }

  /**
   * What {@link #restore} made.
   *
   * @param backup what the backup holds
   * @param memberId the id of the server in the new cluster; unsigned
   * @param clusterId the id of the new cluster; unsigned
   */
  public record Restored(BackupSummary backup, long memberId, long clusterId) {}

  /**
   * Writes a backup to a file and replaces an existing one. The file appears when it is whole,
   * checked and durable; until then the bytes are in {@code NAME.part} beside it.
   *
   * @param source for example a server's answer to etcd's {@code Maintenance.Snapshot}
   * @throws UnusableBackup when the source does not write a whole backup
   */
  public static <E extends Exception> BackupSummary save(Path file, Source<E> source)
      throws IOException, UnusableBackup, E {
    Path part = file.resolveSibling(file.getFileName() + ".part");
    try {
      try (OutputStream out = create(part)) {
        source.writeTo(out);
      }
      force(part);
      BackupSummary whole = check(part);
      Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
      return whole;
    } finally {
      Files.deleteIfExists(part);
    }
  }

  /**
   * Reads a backup through and checks its digest.
   *
   * @throws UnusableBackup when the file is missing, damaged or not a backup
   */
  public static BackupSummary check(Path file) throws IOException, UnusableBackup {
    try (DiskFile bytes = open(file)) {
      return BackupSummary.of(BackupFile.check(bytes));
    } catch (BackupDamaged e) {
      throw damaged(file, e);
    }
  }

  /**
   * Makes a server's data directory from a backup. Done for every member with the same backup and
   * its own settings, this gives a new cluster with the keys and revisions of the old one. Start
   * each server with the settings of its restore.
   *
   * @throws UnusableBackup when the file is missing, damaged or not a backup
   * @throws ServerFailure when the data directory is not empty or cannot be used
   */
  public static Restored restore(Path file, ServerSettings settings)
      throws UnusableBackup, ServerFailure {
    try (DiskFile bytes = open(file)) {
      BackupFile backup = BackupFile.check(bytes);
      long clusterId = restore(backup, settings);
      return new Restored(BackupSummary.of(backup), settings.memberId(), clusterId);
    } catch (BackupDamaged e) {
      throw damaged(file, e);
    } catch (StartupFailure e) {
      throw ServerFailure.of(settings.dataDirectory(), e);
    } catch (EngineFailure e) {
      throw new ServerFailure(String.valueOf(e.getMessage()), e);
    } catch (IOException e) {
      throw ServerFailure.of(e);
    }
  }

  private static long restore(BackupFile backup, ServerSettings settings)
      throws IOException, BackupDamaged, StartupFailure {
    try (DataDirectory data = DataDirectory.open(settings.dataDirectory())) {
      RocksEngines engines = new RocksEngines(data.path());
      engines.load(); // its failure is none of the backup
      return Restore.into(
          data.disk(), engines, backup, settings.node().members(), settings.node().clusterId());
    }
  }

  private static UnusableBackup damaged(Path file, BackupDamaged damage) {
    return UnusableBackup.damaged(file, String.valueOf(damage.getMessage()));
  }

  private static DiskFile open(Path file) throws IOException, UnusableBackup {
    if (!Files.isRegularFile(file)) {
      throw UnusableBackup.missing(file);
    }
    Path absolute = file.toAbsolutePath();
    return new FileDisk(folderOf(absolute)).open(absolute.getFileName().toString());
  }

  private static OutputStream create(Path file) throws IOException {
    Files.deleteIfExists(file);
    Path absolute = file.toAbsolutePath();
    new FileDisk(folderOf(absolute)).create(absolute.getFileName().toString()).close();
    return new BufferedOutputStream(Files.newOutputStream(file), BUFFER_BYTES);
  }

  private static Path folderOf(Path file) throws IOException {
    Path folder = file.getParent();
    if (folder == null) {
      throw new IOException(file + " is no file");
    }
    return folder;
  }

  private static void force(Path file) throws IOException, UnusableBackup {
    try (DiskFile bytes = open(file)) {
      bytes.force();
    }
  }
}
