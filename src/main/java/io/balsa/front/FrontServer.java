package io.balsa.front;

import io.balsa.budget.AnswerBudget;
import io.balsa.budget.ShareFactory;
import io.balsa.rpc.Channels;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import io.grpc.netty.InternalNettyServerBuilder;
import io.grpc.netty.InternalNettyServerCredentials;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A port that serves gRPC and HTTP/1.1 side by side.
 *
 * <p>A service is called on the event loop that read the call, so it must never block.
 */
public final class FrontServer {
  /**
   * The status of calls that end because the port stops. etcd's clients then use another server.
   */
  public static final Status STOPPED =
      Status.UNAVAILABLE.withDescription("etcdserver: server stopped");

  /** With few cores one event loop is cheaper: it wakes up once for all clients. */
  private static final int EVENT_LOOPS = Runtime.getRuntime().availableProcessors() < 4 ? 1 : 2;

  private static final int CALLS_MAX = OpenCalls.maxFor(Runtime.getRuntime().maxMemory());

  private static final int METADATA_BYTES = 64 * 1024;

  // a client may reset a thousand calls at once when they time out; a flood resets far more
  private static final int RESETS_MAX = 20_000;
  private static final int RESETS_WINDOW_SECONDS = 10;

  /** A connection without a call for this time is closed; its client opens a new one. */
  private static final int IDLE_MINUTES_MAX = 30;

  /** How often slow calls are looked for in the time that a request may take. */
  private static final int SLOW_LOOKS = 6;

  /** How long the statuses of ended calls may take to leave the machine. */
  private static final Duration FAREWELL = Duration.ofMillis(200);

  private final List<Server> servers = new ArrayList<>();
  private final List<SocketAddress> addresses = new ArrayList<>();
  private final OpenCalls calls;
  private final ChannelGroup httpConnections;
  private final EventLoopGroup eventLoops;

  private FrontServer(OpenCalls calls, ChannelGroup httpConnections, EventLoopGroup eventLoops) {
    this.calls = calls;
    this.httpConnections = httpConnections;
    this.eventLoops = eventLoops;
  }

  /**
   * Opens the port.
   *
   * @param addresses where to listen; for port 0 the system chooses a free one, see {@link
   *     #addresses()}
   * @param services the gRPC services
   * @param tracers observe every gRPC call
   * @param routes the HTTP/1.1 paths
   * @throws FrontFailure if the port cannot listen on an address; the message names it
   */
  public static FrontServer start(
      List<InetSocketAddress> addresses,
      List<ServerServiceDefinition> services,
      List<ServerStreamTracer.Factory> tracers,
      HttpRoutes routes,
      FrontLimits limits)
      throws FrontFailure {
    return start(addresses, services, tracers, routes, limits, AnswerBudget.ofProcess());
  }

  /** The same, with a budget that other ports of the process may share. */
  static FrontServer start(
      List<InetSocketAddress> addresses,
      List<ServerServiceDefinition> services,
      List<ServerStreamTracer.Factory> tracers,
      HttpRoutes routes,
      FrontLimits limits,
      AnswerBudget budget)
      throws FrontFailure {
    return start(addresses, services, tracers, routes, limits, budget, new ClientFaults());
  }

  /**
   * The same, with a budget and a counter that others may share.
   *
   * @param budget the memory for all answers
   * @param faults counts what clients do wrong
   */
  public static FrontServer start(
      List<InetSocketAddress> addresses,
      List<ServerServiceDefinition> services,
      List<ServerStreamTracer.Factory> tracers,
      HttpRoutes routes,
      FrontLimits limits,
      AnswerBudget budget,
      ClientFaults faults)
      throws FrontFailure {
    List<FrontPort.Place> places = addresses.stream().map(FrontPort.Place::plain).toList();
    FrontPort port = new FrontPort(places, services, routes);
    return start(List.of(port), tracers, limits, budget, faults);
  }

  /**
   * Opens several ports that share their threads and limits.
   *
   * @param ports what to serve where; the first has the addresses that {@link #addresses} begins
   *     with
   */
  public static FrontServer start(
      List<FrontPort> ports,
      List<ServerStreamTracer.Factory> tracers,
      FrontLimits limits,
      AnswerBudget budget,
      ClientFaults faults)
      throws FrontFailure {
    ClientFaultFilter.countIn(faults);
    EventLoopGroup eventLoops = Channels.eventLoops(EVENT_LOOPS, "balsa-front");
    ChannelGroup http = new DefaultChannelGroup("http", GlobalEventExecutor.INSTANCE);
    OpenCalls calls = new OpenCalls(budget, CALLS_MAX, faults);
    List<ServerStreamTracer.Factory> all = new ArrayList<>(tracers);
    all.add(new ShareFactory(budget));
    FrontServer front = new FrontServer(calls, http, eventLoops);
    ConnectionLimit limit = new ConnectionLimit(limits.connectionsMax(), faults, System::nanoTime);
    PortParts parts = new PortParts(all, limits, budget, faults, limit);
    boolean started = false;
    try {
      for (FrontPort port : ports) {
        front.open(port, parts);
      }
      front.endSlowCalls(limits.requestMillis());
      started = true;
      return front;
    } finally {
      if (!started) {
        front.servers.forEach(Server::shutdownNow);
        var _ = eventLoops.shutdownGracefully(0, 0, TimeUnit.SECONDS);
      }
    }
  }

  private void endSlowCalls(long millis) {
    long nanos = TimeUnit.MILLISECONDS.toNanos(millis);
    long pause = Math.max(1, millis / SLOW_LOOKS);
    var _ =
        eventLoops
            .next()
            .scheduleWithFixedDelay(
                () -> calls.endSlow(nanos), pause, pause, TimeUnit.MILLISECONDS);
  }

  /** What the ports of a server share. */
  private record PortParts(
      List<ServerStreamTracer.Factory> tracers,
      FrontLimits limits,
      AnswerBudget budget,
      ClientFaults faults,
      ConnectionLimit connections) {}

  /** Opens a port. */
  private void open(FrontPort port, PortParts parts) throws FrontFailure {
    for (List<FrontPort.Place> group : port.groups()) {
      NettyServerBuilder builder = grpc(port, group, parts);
      List<SocketAddress> at = group.stream().map(FrontPort.Place::address).toList();
      if (at.getFirst() instanceof UnixDomainSocketAddress unix) {
        UnixSockets.makeRoom(unix);
        listen(withoutKeepAlive(builder), at, NioServerDomainSocketChannel::new);
        protect(unix);
      } else {
        listen(builder, at, () -> new ListeningSocket(parts.connections()));
      }
    }
  }

  private static void protect(UnixDomainSocketAddress address) throws FrontFailure {
    try {
      UnixSockets.protect(address);
    } catch (IOException e) {
      throw new FrontFailure("unix://%s cannot be protected: %s".formatted(address, e), e);
    }
  }

  /** Takes out an option of gRPC that a Unix socket does not know; Netty would log each time. */
  @SuppressWarnings("NullAway") // null stands for the removal of an option
  private static NettyServerBuilder withoutKeepAlive(NettyServerBuilder builder) {
    return builder.withChildOption(ChannelOption.SO_KEEPALIVE, null);
  }

  private void listen(
      NettyServerBuilder builder,
      List<SocketAddress> places,
      ChannelFactory<? extends ServerChannel> kind)
      throws FrontFailure {
    try {
      Server server = builder.channelFactory(kind).build().start();
      servers.add(server);
      addresses.addAll(server.getListenSockets());
    } catch (IOException e) {
      throw new FrontFailure(cannotListen(places, e), e);
    }
  }

  private NettyServerBuilder grpc(FrontPort port, List<FrontPort.Place> group, PortParts parts) {
    FrontLimits limits = parts.limits();
    AnswerBudget budget = parts.budget();
    Sniffer sniffer =
        new Sniffer(
            limits.prefaceMillis(),
            budget.connections(),
            budget.requests(),
            new HttpPipeline(port.routes(), limits, httpConnections, budget, parts.faults()),
            parts.faults(),
            parts.connections(),
            group.getFirst().tls());
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(
            group.getFirst().address(), InternalNettyServerCredentials.create(sniffer));
    group.stream().skip(1).forEach(place -> builder.addListenAddress(place.address()));
    port.services().forEach(service -> builder.addService(ReadableRequests.of(service)));
    parts.tracers().forEach(builder::addStreamTracerFactory);
    builder.addTransportFilter(new MessageBundle.Offer());
    InternalNettyServerBuilder.setTracingEnabled(builder, false);
    InternalNettyServerBuilder.setStatsEnabled(builder, false);
    return limited(builder, limits)
        .bossEventLoopGroup(eventLoops)
        .workerEventLoopGroup(eventLoops)
        .directExecutor()
        .intercept(calls);
  }

  private static NettyServerBuilder limited(NettyServerBuilder builder, FrontLimits limits) {
    GrpcLimits grpc = limits.grpc();
    if (grpc.pings()) {
      builder
          .keepAliveTime(grpc.ping().toNanos(), TimeUnit.NANOSECONDS)
          .keepAliveTimeout(grpc.pingTimeout().toNanos(), TimeUnit.NANOSECONDS);
    }
    // as etcd, but pings without calls are allowed: idle clients on the JVM send them
    return builder
        .permitKeepAliveTime(grpc.pingLeast().toNanos(), TimeUnit.NANOSECONDS)
        .permitKeepAliveWithoutCalls(true)
        .maxConnectionIdle(IDLE_MINUTES_MAX, TimeUnit.MINUTES)
        // a fixed window, because measuring the best one costs a ping in every round trip
        .flowControlWindow(NettyServerBuilder.DEFAULT_FLOW_CONTROL_WINDOW)
        // clients hold further calls back until others have ended, so other clients get their part
        .maxConcurrentCallsPerConnection(Math.min(CALLS_MAX / 4, grpc.streamsMax()))
        .maxInboundMessageSize(limits.messageBytes())
        .maxInboundMetadataSize(METADATA_BYTES)
        .maxRstFramesPerWindow(RESETS_MAX, RESETS_WINDOW_SECONDS);
  }

  private static String cannotListen(List<SocketAddress> addresses, IOException failure) {
    Throwable cause = failure.getCause() == null ? failure : failure.getCause();
    List<String> names = addresses.stream().map(FrontServer::name).toList();
    return "cannot listen on "
        + String.join(", ", names)
        + " ("
        + cause.getMessage()
        + "): end what listens there or choose another address";
  }

  private static String name(SocketAddress address) {
    return address instanceof InetSocketAddress inet
        ? inet.getHostString() + ":" + inet.getPort()
        : "unix://" + address;
  }

  /**
   * The internet addresses that the ports listen on, in the given order, with their real port
   * numbers.
   */
  public List<InetSocketAddress> addresses() {
    return sockets(InetSocketAddress.class);
  }

  private <A extends SocketAddress> List<A> sockets(Class<A> kind) {
    return addresses.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  /** Calls {@code done} once, when every thread of the port has run a task. */
  public void prove(Runnable done) {
    AtomicInteger silent = new AtomicInteger(EVENT_LOOPS);
    for (EventExecutor loop : eventLoops) {
      loop.execute(
          () -> {
            if (silent.decrementAndGet() == 0) {
              done.run();
            }
          });
    }
  }

  /** The number of open HTTP/1.1 connections. */
  int httpConnections() {
    return httpConnections.size();
  }

  /**
   * Takes no more calls and ends the streams. After the grace it ends all other open calls. Each
   * ends with {@link #STOPPED}; later answers are dropped.
   */
  public void drain(Duration grace) {
    List<UnixDomainSocketAddress> files = sockets(UnixDomainSocketAddress.class);
    servers.forEach(Server::shutdown);
    files.forEach(UnixSockets::remove);
    calls.endStreams();
    if (!hasEnded(grace)) {
      calls.endAll();
    }
    if (!hasEnded(FAREWELL)) {
      servers.forEach(Server::shutdownNow);
    }
    var _ = httpConnections.close();
  }

  private boolean hasEnded(Duration limit) {
    long deadline = System.nanoTime() + limit.toNanos();
    try {
      boolean ended = true;
      for (Server server : servers) {
        long left = Math.max(0, deadline - System.nanoTime());
        ended &= server.awaitTermination(left, TimeUnit.NANOSECONDS);
      }
      return ended;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /**
   * Does {@link #drain} and ends the threads of the port. After this no service may answer a call.
   */
  public void stop(Duration grace) {
    drain(grace);
    // an event loop that ends before its connections are closed leaves them open
    var _ = hasEnded(FAREWELL);
    eventLoops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(1_500);
  }
}
