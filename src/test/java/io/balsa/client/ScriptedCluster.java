package io.balsa.client;

import io.balsa.bytes.HostPort;
import io.balsa.proto.etcdserverpb.Member;
import io.balsa.proto.etcdserverpb.ResponseHeader;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A small cluster. The test sets its leader. All servers share one store. */
public final class ScriptedCluster implements AutoCloseable {
  private final List<ScriptedServer> servers = new ArrayList<>();
  private final long begunNanos = System.nanoTime();
  private volatile long term = 1;
  private volatile long leader;
  private volatile long revision = 1;

  /** Servers with these member ids, the first of them leading. */
  public static ScriptedCluster of(long... ids) throws Exception {
    ScriptedCluster cluster = new ScriptedCluster();
    for (long id : ids) {
      cluster.servers.add(ScriptedServer.start(cluster, id));
    }
    cluster.lead(ids[0]);
    return cluster;
  }

  /** Makes a member the leader in a new term; 0 for no leader. */
  public synchronized void lead(long id) {
    if (id != 0) {
      term++;
    }
    leader = id;
  }

  public long leader() {
    return leader;
  }

  public long term() {
    return term;
  }

  public ScriptedServer server(long id) {
    return servers.stream().filter(each -> each.id() == id).findFirst().orElseThrow();
  }

  public List<ScriptedServer> servers() {
    return servers;
  }

  public List<HostPort> addresses() {
    return servers.stream().map(ScriptedServer::address).toList();
  }

  /** Grows by a thousand in a second. */
  long commitIndex() {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begunNanos);
  }

  synchronized long nextRevision() {
    return ++revision;
  }

  ResponseHeader header(long id) {
    return ResponseHeader.newBuilder()
        .setClusterId(77)
        .setMemberId(id)
        .setRaftTerm(term)
        .setRevision(revision)
        .build();
  }

  List<Member> members() {
    return servers.stream()
        .map(
            each ->
                Member.newBuilder()
                    .setID(each.id())
                    .setName("s" + each.id())
                    .addPeerURLs("http://peer:" + each.id())
                    .addClientURLs(each.address().url())
                    .build())
        .toList();
  }

  @Override
  public void close() {
    servers.forEach(ScriptedServer::kill);
  }
}
