package io.balsa.node;

import io.balsa.bytes.Bytes;
import io.balsa.engine.Engine;
import io.balsa.engine.Engines;
import io.balsa.host.DiskTrouble;
import io.balsa.host.Host;
import io.balsa.kv.Member;
import io.balsa.kv.Store;
import io.balsa.kv.StoreLimits;
import io.balsa.raft.Configuration;
import java.io.IOException;
import java.util.List;

/** Opens the state in force, at the start and after a snapshot. */
final class StateOpener {
  private final Host host;
  private final Engines engines;
  private final List<Member> firstMembers;
  private final StoreLimits limits;
  private final StateDirectory directory;

  StateOpener(Host host, Engines engines, NodeConfig config) throws IOException {
    this.host = host;
    this.engines = engines;
    this.firstMembers = config.members();
    this.limits = config.limits();
    this.directory = StateDirectory.open(host.disk());
    directory.deleteOthers(
        host.disk().list(StateDirectory.ROOT).stream().filter(SnapshotSink::isIncoming).toList());
  }

  /** Opens what the pointer names. */
  State open() throws IOException {
    String path = directory.current();
    Engine engine = engines.open(path);
    return new State(path, engine, Store.open(engine, firstMembers, limits));
  }

  /** Points to another state and opens it. */
  State switchTo(String name) throws IOException {
    directory.pointTo(name);
    return open();
  }

  /** Deletes a state that is no longer in force. */
  void delete(String path) {
    try {
      host.disk().delete(path);
    } catch (IOException e) {
      host.halt("an old state cannot be deleted: " + DiskTrouble.words(e));
    }
  }

  /** The configuration in force at the index applied. */
  Configuration configurationOf(Store store) {
    Bytes encoded = store.configuration();
    return encoded.isEmpty() ? firstConfiguration() : Configuration.decode(encoded);
  }

  /** The configuration that the cluster began with. */
  Configuration firstConfiguration() {
    return new Configuration(
        firstMembers.stream().filter(member -> !member.learner()).map(Member::id).toList(),
        List.of(),
        firstMembers.stream().filter(Member::learner).map(Member::id).toList());
  }
}
