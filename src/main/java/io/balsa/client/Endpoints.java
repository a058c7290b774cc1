package io.balsa.client;

import io.balsa.bytes.HostPort;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A cluster's endpoints, on event loops of their own. */
public final class Endpoints implements AutoCloseable {
  private final EventLoopGroup group;
  private final List<Endpoint> all;

  /**
   * Opens connections when they are first needed.
   *
   * @param addresses where servers listen for clients, at least one
   * @param eventLoops how many threads serve them
   */
  public Endpoints(List<HostPort> addresses, int eventLoops) {
    group =
        new MultiThreadIoEventLoopGroup(
            eventLoops, new DefaultThreadFactory("client", true), NioIoHandler.newFactory());
    all = addresses.stream().distinct().map(address -> new Endpoint(address, group)).toList();
  }

  /** The endpoints in the order given, each once. */
  public List<Endpoint> all() {
    return all;
  }

  /** Whether the cluster's servers do a write with a name once, as far as one has said so. */
  public boolean remember() {
    return all.stream().anyMatch(Endpoint::remembers);
  }

  /** The highest index that one of the servers is known to have applied; 0 for none. */
  public long applied() {
    long highest = 0;
    for (Endpoint endpoint : all) {
      highest = Math.max(highest, endpoint.applied());
    }
    return highest;
  }

  /** One of the event loops, for timers. */
  EventLoop loop() {
    return group.next();
  }

  /** Ends all connections and what is under way on them. */
  @Override
  public void close() {
    all.forEach(Endpoint::close);
    var _ = group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }
}
