package io.balsa.node;

import io.balsa.host.Clock;
import io.balsa.host.Dice;
import io.balsa.host.Disk;
import io.balsa.host.Host;
import io.balsa.host.Lane;
import io.balsa.host.Network;
import java.util.ArrayList;
import java.util.List;

/** A host that remembers its lanes, so that a failed start can end them. */
final class StartingHost implements Host {
  private final Host host;
  private final List<Lane> lanes = new ArrayList<>();

  StartingHost(Host host) {
    this.host = host;
  }

  /** Ends all lanes; no other part waits for their work yet. */
  void endLanes() {
    lanes.forEach(Lane::close);
  }

  @Override
  public Lane lane(String name) {
    return opened(host.lane(name));
  }

  @Override
  public Lane serviceLane(String name, Runnable recover) {
    return opened(host.serviceLane(name, recover));
  }

  @Override
  public Lane networkLane(String name) {
    return opened(host.networkLane(name));
  }

  private Lane opened(Lane lane) {
    lanes.add(lane);
    return lane;
  }

  @Override
  public Clock clock() {
    return host.clock();
  }

  @Override
  public Dice dice() {
    return host.dice();
  }

  @Override
  public Disk disk() {
    return host.disk();
  }

  @Override
  public Network network() {
    return host.network();
  }

  @Override
  public void halt(String reason) {
    host.halt(reason);
  }
}
