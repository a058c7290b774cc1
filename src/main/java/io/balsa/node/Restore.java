package io.balsa.node;

import io.balsa.backups.BackupDamaged;
import io.balsa.backups.BackupFile;
import io.balsa.bytes.Bytes;
import io.balsa.bytes.Check.BrokenInvariant;
import io.balsa.engine.Engine;
import io.balsa.engine.EngineFailure;
import io.balsa.engine.Engines;
import io.balsa.host.Disk;
import io.balsa.kv.Store;
import io.balsa.kv.UnknownFormat;
import io.balsa.model.Member;
import io.balsa.node.snapshots.SnapshotSink;
import io.balsa.node.storage.Origin;
import io.balsa.node.storage.StateDirectory;
import io.balsa.raft.Configuration;
import io.balsa.raft.Snapshot;
import io.balsa.wire.BackupHead;
import java.io.IOException;
import java.util.List;

/**
 * Makes a server's data directory from a backup: the store with all its revisions, in a new cluster
 * of the members given. Every member is restored from the same backup, each into its own directory.
 * The members and alarms of the old cluster are not kept.
 */
public final class Restore {
  /** What a directory without data may hold: its lock, and RocksDB's library. */
  private static final List<String> BESIDE = List.of("lock", "native");

  private Restore() {}

  /**
   * Restores.
   *
   * @param disk the data directory, empty except for its lock and RocksDB's library
   * @param engines what opens the store there
   * @param members the members that the new cluster begins with, this one among them
   * @param clusterId the cluster's id as a server's flags give it
   * @return the id of the new cluster
   * @throws BackupDamaged when the state in the backup is not whole or of another version
   * @throws StartupFailure when there is something in the directory
   */
  public static long into(
      Disk disk, Engines engines, BackupFile from, List<Member> members, long clusterId)
      throws IOException, BackupDamaged, StartupFailure {
    Origin origin = new Origin(disk);
    if (origin.isUnderWay()) {
      origin.startOver();
    }
    List<String> there = disk.list("").stream().filter(name -> !BESIDE.contains(name)).toList();
    if (!there.isEmpty()) {
      throw new StartupFailure(
          "not empty, there is '%s': give an empty or a new directory".formatted(there.getFirst()));
    }
    origin.begin();
    disk.createDirectory(StateDirectory.ROOT);
    String name = unpack(disk, from, members);
    beginCluster(engines, StateDirectory.pathOf(name), members);
    StateDirectory.point(disk, name);
    origin.end(from.digest());
    return origin.clusterId(clusterId);
  }

  private static void beginCluster(Engines engines, String path, List<Member> members)
      throws BackupDamaged {
    try (Engine engine = engines.open(path)) {
      Store.beginCluster(engine, members, configuration(members).encode());
      engine.flush();
    } catch (EngineFailure | UnknownFormat | BrokenInvariant e) {
      throw new BackupDamaged("the state in it cannot be used: " + e.getMessage());
    }
  }

  private static Configuration configuration(List<Member> members) {
    return new Configuration(members.stream().map(Member::id).toList(), List.of(), List.of());
  }

  private static String unpack(Disk disk, BackupFile from, List<Member> members)
      throws IOException, BackupDamaged {
    BackupHead head = from.head();
    SnapshotSink sink =
        new SnapshotSink(disk, new Snapshot(head.index(), head.term(), configuration(members)));
    long at = 0;
    for (Bytes data = from.state(0); !data.isEmpty(); data = from.state(at)) {
      sink.append(data);
      at += data.size();
    }
    if (!sink.finish()) {
      throw new BackupDamaged("the state in it is not whole");
    }
    return sink.name();
  }
}
