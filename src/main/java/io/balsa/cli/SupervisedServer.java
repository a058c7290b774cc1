package io.balsa.cli;

import io.balsa.server.BalsaServer;
import io.balsa.server.ServerSettings;
import io.balsa.systemd.Supervised;

/**
 * A server under a service manager. It is ready when it knows a leader of its cluster and has
 * applied an entry. Before that it refuses even serializable reads.
 */
record SupervisedServer(ServerSettings settings, BalsaServer server) implements Supervised {
  @Override
  public boolean isReady() {
    return server.leader() != 0 && server.appliedIndex() > 0;
  }

  @Override
  public String status() {
    return "member %s, %s in term %d".formatted(settings.name(), role(), server.term());
  }

  private String role() {
    long leader = server.leader();
    if (leader == 0) {
      return "without a leader";
    }
    return leader == server.memberId() ? "leader" : "follower of %x".formatted(leader);
  }

  @Override
  public void prove(Runnable done) {
    server.prove(done);
  }
}
