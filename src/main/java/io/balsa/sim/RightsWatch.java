package io.balsa.sim;

import io.balsa.auth.AuthState;
import io.balsa.node.Node;
import java.util.ArrayList;
import java.util.List;

/**
 * Looks once in a while at the users and roles that are in force at each server: after restarts,
 * after snapshots, and at the end. At the end of a run they must be those of a place in the log.
 */
final class RightsWatch {
  private static final long EVERY_NANOS = 300_000_000;

  /**
   * What was in force.
   *
   * @param applied the index of an entry that was applied before
   */
  private record Seen(long server, long at, long applied, AuthState state) {}

  private final World world;
  private final List<SimServer> servers;
  private final List<Seen> seen = new ArrayList<>();

  RightsWatch(World world, List<SimServer> servers) {
    this.world = world;
    this.servers = servers;
  }

  void begin() {
    world.at(world.now() + EVERY_NANOS, "looks at rights", this::lookAgain);
  }

  private void lookAgain() {
    look(servers);
    begin();
  }

  void look(List<SimServer> some) {
    for (SimServer server : some) {
      Node node = server.node();
      if (node != null) {
        seen.add(new Seen(server.id(), world.now(), node.status().applied(), node.auth()));
      }
    }
  }

  void hold(UserWitness witness) {
    for (Seen each : seen) {
      world.expect(
          witness.anyRights(each.applied(), each.at(), rights -> rights.isSame(each.state())),
          () ->
              "server "
                  + each.server()
                  + " has other users or roles than the log, after entry "
                  + each.applied()
                  + ": "
                  + each.state().users()
                  + each.state().roles()
                  + each.state().revision());
    }
  }
}
