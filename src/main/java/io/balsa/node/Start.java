package io.balsa.node;

import io.balsa.bytes.Bytes;
import io.balsa.engine.Engines;
import io.balsa.host.DiskTrouble;
import io.balsa.host.Host;
import io.balsa.host.Link;
import io.balsa.host.Network;
import io.balsa.lanes.NodeMetrics;
import io.balsa.model.Member;
import io.balsa.raft.Snapshot;
import io.balsa.wal.WalDamaged;
import io.balsa.wal.WalRepair;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The start of a server. A damaged log is first repaired with the entries of other members. */
final class Start {
  private final NodeConfig config;
  private final Host host;
  private final Engines engines;
  private final NodeMetrics metrics;
  private final Node.Starting starting;
  private Network network;

  Start(
      NodeConfig config, Host host, Engines engines, NodeMetrics metrics, Node.Starting starting) {
    this.config = config;
    this.host = host;
    this.engines = engines;
    this.metrics = metrics;
    this.starting = starting;
    this.network = host.network();
  }

  void begin() {
    try {
      Node node = startOrRepair();
      if (node != null) {
        starting.started(node);
      }
    } catch (UncheckedIOException e) {
      starting.failed(new StartupFailure(String.valueOf(e.getMessage()), e));
    } catch (StartupFailure e) {
      starting.failed(e);
    }
  }

  private @Nullable Node startOrRepair() throws StartupFailure {
    try {
      return Node.start(config, host, network, engines, metrics);
    } catch (StartupFailure e) {
      if (e.getCause() instanceof WalDamaged && repairs()) {
        return null;
      }
      throw e;
    }
  }

  private boolean repairs() throws StartupFailure {
    Boot boot = new Boot(config, host, engines);
    Boot.Stored stored = boot.stored();
    List<Member> others =
        stored.members().stream()
            .filter(member -> member.id() != config.self() && !member.peerUrls().isEmpty())
            .toList();
    WalRepair repair = boot.repair();
    if (repair == null) {
      return false;
    }
    if (others.isEmpty()) {
      return isRepairedAlone(repair, stored.applied());
    }
    network = new HandedOver(host.network());
    new Repairing(
            host,
            network,
            repair,
            stored.applied(),
            others,
            metrics,
            starting::repairing,
            this::begin)
        .begin();
    return true;
  }

  /** A lone member has no other to ask, but its store may hold what the log lost. */
  private boolean isRepairedAlone(WalRepair repair, Snapshot applied) throws StartupFailure {
    String damage = repair.damage();
    try (repair) {
      repair.take(List.of());
      if (!repair.isWhole() && !repair.beginAfter(applied)) {
        return false;
      }
    } catch (IOException e) {
      throw new StartupFailure("the log cannot be repaired: " + DiskTrouble.words(e), e);
    }
    starting.repairing(damage + ": repaired without other members");
    begin();
    return true;
  }

  /**
   * A network that listens once and gives each new link to the newest listener: first the repair,
   * then the server.
   */
  private static final class HandedOver implements Network, Link.Listener {
    private final Network network;
    private final Map<Link, Link.Listener> owners = new ConcurrentHashMap<>();
    private final AtomicReference<Link.@Nullable Listener> owner = new AtomicReference<>();

    HandedOver(Network network) {
      this.network = network;
    }

    @Override
    public void listen(Link.Listener listener) {
      if (owner.getAndSet(listener) == null) {
        network.listen(this);
      }
    }

    @Override
    public Link connect(String address, Link.Listener listener) {
      return network.connect(address, listener);
    }

    @Override
    public void close() {
      network.close();
    }

    @Override
    public void opened(Link link) {
      Link.Listener present =
          Objects.requireNonNull(owner.get(), "only a listening network accepts links");
      owners.put(link, present);
      present.opened(link);
    }

    @Override
    public void received(Link link, Bytes frame) {
      Link.Listener own = owners.get(link);
      if (own != null) {
        own.received(link, frame);
      }
    }

    @Override
    public void closed(Link link, String reason) {
      Link.Listener own = owners.remove(link);
      if (own != null) {
        own.closed(link, reason);
      }
    }
  }
}
