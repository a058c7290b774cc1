package io.balsa.client;

import io.balsa.bytes.HostPort;
import io.balsa.rpc.Channels;
import io.balsa.rpc.GrpcLogs;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The endpoints of a cluster, with their own event loops. */
public final class Endpoints implements AutoCloseable {
  private static final int ALL_MAX = 32;

  private final EventLoopGroup group;
  private final ClientSettings settings;
  private final @Nullable Login login;
  private final List<Endpoint> all = new CopyOnWriteArrayList<>();

  /**
   * Opens connections when they are first needed.
   *
   * @param addresses where servers listen for clients, at least one
   * @param eventLoops how many threads serve them
   */
  public Endpoints(List<HostPort> addresses, int eventLoops) {
    this(addresses, eventLoops, ClientSettings.DEFAULT);
  }

  /**
   * As {@link #Endpoints(List, int)}.
   *
   * @param answerBytesMax the largest message that is accepted, in bytes; a call that gets a larger
   *     one fails with RESOURCE_EXHAUSTED
   */
  public Endpoints(List<HostPort> addresses, int eventLoops, int answerBytesMax) {
    this(addresses, eventLoops, ClientSettings.DEFAULT.receiving(answerBytesMax));
  }

  /** As {@link #Endpoints(List, int)}, with settings for the connections. */
  public Endpoints(List<HostPort> addresses, int eventLoops, ClientSettings settings) {
    this.settings = settings;
    Credentials credentials = settings.credentials();
    GrpcLogs.quietChannels();
    group = Channels.eventLoops(eventLoops, "client");
    login = credentials == null ? null : new Login(credentials, group);
    addresses.stream().distinct().map(this::open).forEach(all::add);
  }

  private Endpoint open(HostPort address) {
    return new Endpoint(address, group, settings, login);
  }

  /**
   * Adds an endpoint from a member list.
   *
   * @return null when it is known, when the URL is not valid or that of a Unix socket, maybe of
   *     another machine, or when there are too many
   */
  synchronized @Nullable Endpoint learn(String url) {
    if (all.size() >= ALL_MAX || all.stream().anyMatch(each -> each.isAt(url))) {
      return null;
    }
    try {
      HostPort address = HostPort.parse(url);
      if (address.isUnixSocket()) {
        return null;
      }
      Endpoint learned = open(address);
      all.add(learned);
      return learned;
    } catch (IllegalArgumentException _) {
      return null;
    }
  }

  /** The endpoints in the order given, each once, then those that were learnt. */
  public List<Endpoint> all() {
    return Collections.unmodifiableList(all);
  }

  /** Whether a server has said that the cluster performs a named write once. */
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

  ClientSettings settings() {
    return settings;
  }

  /** One of the event loops, for timers. */
  EventLoop loop() {
    return group.next();
  }

  /** Closes all connections, and ends the calls on them. */
  @Override
  public void close() {
    all.forEach(Endpoint::close);
    var _ = group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }
}
