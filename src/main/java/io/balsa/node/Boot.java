package io.balsa.node;

import io.balsa.bytes.Undo;
import io.balsa.engine.EngineFailure;
import io.balsa.engine.Engines;
import io.balsa.host.DiskTrouble;
import io.balsa.host.Host;
import io.balsa.kv.Store;
import io.balsa.kv.UnknownFormat;
import io.balsa.model.Member;
import io.balsa.node.snapshots.Snapshots;
import io.balsa.node.storage.OpenStore;
import io.balsa.node.storage.Origin;
import io.balsa.node.storage.StateOpener;
import io.balsa.raft.Effect;
import io.balsa.raft.LogPosition;
import io.balsa.raft.Recovered;
import io.balsa.raft.Snapshot;
import io.balsa.wal.Identity;
import io.balsa.wal.Wal;
import io.balsa.wal.WalConfig;
import io.balsa.wal.WalDamaged;
import io.balsa.wal.WalForeign;
import io.balsa.wal.WalRepair;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Opens the data directory and makes the log agree with the store.
 *
 * <p>The store is ahead of the log in one case only: a snapshot was installed, and the process
 * ended before the log was reset to begin after it. Then the log is reset here. When the log begins
 * after the entries that the store has applied, entries are missing, and the server must not start.
 */
final class Boot {
  /** The error of a server that lost its data directory, or its log. */
  static final String ANOTHER_DISK =
      "this member joined with another data directory, whose votes and log are lost: start it with"
          + " that directory; when that is lost, the other members go on without this one, or every"
          + " member is restored from a backup of one of them";

  private static final String WAL = "wal";

  private final NodeConfig config;
  private final Host host;
  private final Engines engines;

  Boot(NodeConfig config, Host host, Engines engines) {
    this.config = config;
    this.host = host;
    this.engines = engines;
  }

  /** What an opened data directory gives. */
  record Opened(Wal wal, StateOpener opener, OpenStore state, Recovered recovered) {
    /** Closes log and store, which nobody has used. */
    void close() throws StartupFailure {
      state.retire(() -> {});
      try {
        wal.close();
      } catch (IOException e) {
        throw unusable(e);
      }
    }
  }

  Opened open() throws StartupFailure {
    try {
      if (new Origin(host.disk()).isUnderWay()) {
        throw new StartupFailure(
            "it was being restored, and that was cut off: empty it and restore again");
      }
      Snapshots.deleteOutgoing(host);
      StateOpener opener = new StateOpener(host, engines, config.members(), config.limits());
      return opened(opener, openWal(opener));
    } catch (WalDamaged | WalForeign | EngineFailure | UnknownFormat e) {
      throw new StartupFailure(String.valueOf(e.getMessage()), e);
    } catch (IOException e) {
      throw unusable(e);
    }
  }

  private Opened opened(StateOpener opener, Wal wal) throws IOException, StartupFailure {
    try (Undo<IOException> undo = new Undo<>(wal::close)) {
      Opened all = agreed(opener, wal, opener.open());
      undo.cancel();
      return all;
    }
  }

  private Opened agreed(StateOpener opener, Wal wal, OpenStore state)
      throws IOException, StartupFailure {
    try (Undo<RuntimeException> undo = new Undo<>(() -> state.retire(() -> {}))) {
      if (isAnotherDisk(state.store().members(), wal.identity())) {
        throw new StartupFailure(ANOTHER_DISK);
      }
      Opened all = new Opened(wal, opener, state, agree(wal, opener, state.store()));
      undo.cancel();
      return all;
    }
  }

  /** Whether the cluster knows this member by another data directory than that of its log. */
  static boolean isAnotherDisk(List<Member> members, Identity own) {
    return members.stream()
        .anyMatch(
            member ->
                member.id() == own.member() && member.disk() != 0 && member.disk() != own.disk());
  }

  private Wal openWal(StateOpener opener) throws IOException, StartupFailure {
    if (new Origin(host.disk()).isThere() && host.disk().list(WAL).isEmpty()) {
      requireMembersOf(opener);
    }
    return Wal.open(
        host.disk(),
        WAL,
        new WalConfig(config.segmentBytes(), config.raft().recentBytesMax()),
        fresh(),
        opener.firstConfiguration());
  }

  /**
   * A restored directory has no log, whose identity would refuse other flags. With other members, a
   * cluster would begin that has no leader, or several.
   */
  private void requireMembersOf(StateOpener opener) throws IOException, StartupFailure {
    OpenStore state = opener.open();
    List<Member> restored = state.store().members();
    state.retire(() -> {});
    if (!ids(restored).equals(ids(config.members()))) {
      throw otherMembers(urls(restored), urls(config.members()));
    }
  }

  private static StartupFailure otherMembers(Set<String> restored, Set<String> named) {
    if (restored.equals(named)) { // the ids come from the addresses and the token
      return new StartupFailure(
          "it was restored for these members, but with another --initial-cluster-token: start it"
              + " with the token of the restore, or restore again into an empty directory");
    }
    Set<String> lacking = new TreeSet<>(restored);
    lacking.removeAll(named);
    Set<String> added = new TreeSet<>(named);
    added.removeAll(restored);
    return new StartupFailure(
        "it was restored for other members than the flags of this server name (only restored: %s; only in the flags: %s): start it with the --initial-cluster, peer URLs and --initial-cluster-token of the restore, or restore again into an empty directory"
            .formatted(list(lacking), list(added)));
  }

  private static String list(Set<String> members) {
    return members.isEmpty() ? "none" : String.join(",", members);
  }

  private static Set<Long> ids(List<Member> members) {
    return members.stream().map(Member::id).collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<String> urls(List<Member> members) {
    return members.stream()
        .flatMap(member -> member.peerUrls().stream().map(url -> member.name() + "=" + url))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private Identity fresh() throws IOException {
    long clusterId = new Origin(host.disk()).clusterId(config.clusterId());
    return new Identity(clusterId, config.self(), nonZero(host.dice().nextLong()), 0);
  }

  /** What the store holds, and the members that it knows. */
  record Stored(Snapshot applied, List<Member> members) {}

  /** Reads that from the store, and closes the store. */
  Stored stored() throws StartupFailure {
    try {
      StateOpener opener = new StateOpener(host, engines, config.members(), config.limits());
      OpenStore state = opener.open();
      Store store = state.store();
      Snapshot applied =
          new Snapshot(store.appliedIndex(), store.appliedTerm(), opener.configurationOf(store));
      List<Member> members = store.members();
      state.retire(() -> {});
      return new Stored(applied, members);
    } catch (EngineFailure | UnknownFormat e) {
      throw new StartupFailure(String.valueOf(e.getMessage()), e);
    } catch (IOException e) {
      throw unusable(e);
    }
  }

  /** The repair of a damaged log; null when it cannot be repaired. */
  @Nullable WalRepair repair() throws StartupFailure {
    try {
      StateOpener opener = new StateOpener(host, engines, config.members(), config.limits());
      return WalRepair.of(host.disk(), WAL, fresh(), opener.firstConfiguration());
    } catch (IOException e) {
      throw unusable(e);
    }
  }

  private static StartupFailure unusable(IOException e) {
    return new StartupFailure("it cannot be used: " + DiskTrouble.words(e), e);
  }

  private static long nonZero(long number) {
    return number == 0 ? 1 : number;
  }

  private Recovered agree(Wal wal, StateOpener opener, Store store)
      throws IOException, StartupFailure {
    Recovered log = wal.recovered();
    LogPosition applied = new LogPosition(store.appliedIndex(), store.appliedTerm());
    if (applied.index() < log.start().index()) {
      throw new StartupFailure(
          "the log begins after entry "
              + log.start().index()
              + " but the store has applied only up to "
              + applied.index()
              + ": part of the data directory is missing; put the whole directory back, or restore"
              + " every member from a backup of another one");
    }
    if (termAt(log, applied.index()) == applied.term()) {
      return withApplied(log, applied.index());
    }
    Snapshot snapshot =
        new Snapshot(applied.index(), applied.term(), opener.configurationOf(store));
    // the snapshot may be of a later term than the one that the log was last told
    boolean known = log.term() >= applied.term();
    long term = known ? log.term() : applied.term();
    long votedFor = known ? log.votedFor() : 0;
    wal.write(
        List.of(new Effect.Persist(1, term, votedFor, List.of()), new Effect.Reset(2, snapshot)));
    return new Recovered(
        term, votedFor, snapshot, List.of(), List.of(), List.of(), applied, applied.index());
  }

  private static Recovered withApplied(Recovered log, long applied) {
    return new Recovered(
        log.term(),
        log.votedFor(),
        log.start(),
        log.terms(),
        log.configurations(),
        log.recent(),
        log.last(),
        applied);
  }

  /**
   * The term of the log's entry at an index, which is not before the log's start; -1 after its end.
   */
  private static long termAt(Recovered log, long index) {
    if (index > log.last().index()) {
      return -1;
    }
    long term = log.start().term();
    for (LogPosition run : log.terms()) {
      if (run.index() > index) {
        return term;
      }
      term = run.term();
    }
    return term;
  }
}
