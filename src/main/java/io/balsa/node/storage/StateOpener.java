package io.balsa.node.storage;

import io.balsa.bytes.Bytes;
import io.balsa.engine.Engine;
import io.balsa.engine.Engines;
import io.balsa.host.DiskTrouble;
import io.balsa.host.Host;
import io.balsa.kv.Store;
import io.balsa.model.Member;
import io.balsa.model.StoreLimits;
import io.balsa.raft.Configuration;
import java.io.IOException;
import java.util.List;

/** Opens the state in force, at the server's start and after a snapshot. */
public final class StateOpener {
  private final Host host;
  private final Engines engines;
  private final List<Member> firstMembers;
  private final StoreLimits limits;
  private final StateDirectory directory;

  /**
   * Opens the directory, and deletes states that are neither in force nor being received.
   *
   * @param firstMembers the members of a new cluster; used only while the store is empty
   */
  public StateOpener(Host host, Engines engines, List<Member> firstMembers, StoreLimits limits)
      throws IOException {
    this.host = host;
    this.engines = engines;
    this.firstMembers = firstMembers;
    this.limits = limits;
    this.directory = StateDirectory.open(host.disk());
    directory.deleteOthers(
        host.disk().list(StateDirectory.ROOT).stream().filter(StateDirectory::isIncoming).toList());
  }

  /** Opens the state that the pointer names. */
  public OpenStore open() throws IOException {
    String path = directory.current();
    Engine engine = engines.open(path);
    return new OpenStore(path, engine, Store.open(engine, firstMembers, limits));
  }

  /** Durably puts another state in force, and opens it. */
  public OpenStore switchTo(String name) throws IOException {
    directory.pointTo(name);
    return open();
  }

  /** Deletes a state that is not in force; halts the server when it cannot. */
  public void delete(String path) {
    try {
      host.disk().delete(path);
    } catch (IOException e) {
      host.halt("an old state cannot be deleted: " + DiskTrouble.words(e));
    }
  }

  /** The configuration in force at the store's applied index. */
  public Configuration configurationOf(Store store) {
    Bytes encoded = store.configuration();
    return encoded.isEmpty() ? firstConfiguration() : Configuration.decode(encoded);
  }

  /** The configuration with which the cluster began. */
  public Configuration firstConfiguration() {
    return new Configuration(
        firstMembers.stream().filter(member -> !member.learner()).map(Member::id).toList(),
        List.of(),
        firstMembers.stream().filter(Member::learner).map(Member::id).toList());
  }
}
