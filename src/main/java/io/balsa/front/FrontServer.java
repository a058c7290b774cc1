package io.balsa.front;

import io.balsa.budget.AnswerBudget;
import io.balsa.budget.ShareFactory;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import io.grpc.netty.InternalNettyServerBuilder;
import io.grpc.netty.InternalNettyServerCredentials;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A port that serves gRPC and HTTP/1.1 side by side.
 *
 * <p>Calls are handled on the event loop that read them: a service must never wait there.
 */
public final class FrontServer {
  /** How calls end when the port stops: etcd's, on which its clients go to another server. */
  public static final Status STOPPED =
      Status.UNAVAILABLE.withDescription("etcdserver: server stopped");

  /** One wakes up for all clients at once; a second one has a core of its own, or costs more. */
  private static final int EVENT_LOOPS = Runtime.getRuntime().availableProcessors() < 4 ? 1 : 2;

  private static final int CALLS_MAX = OpenCalls.maxFor(Runtime.getRuntime().maxMemory());

  private static final int METADATA_BYTES = 64 * 1024;

  // a thousand calls of one client may time out at once and be reset; a flood is far more
  private static final int RESETS_MAX = 20_000;
  private static final int RESETS_WINDOW_SECONDS = 10;

  /** A connection without any call for so long is closed; its client opens a new one. */
  private static final int IDLE_MINUTES_MAX = 30;

  /** What the words need by which calls are ended to leave the machine. */
  private static final Duration FAREWELL = Duration.ofMillis(200);

  private final Server grpc;
  private final OpenCalls calls;
  private final ChannelGroup httpConnections;
  private final EventLoopGroup eventLoops;

  private FrontServer(
      Server grpc, OpenCalls calls, ChannelGroup httpConnections, EventLoopGroup eventLoops) {
    this.grpc = grpc;
    this.calls = calls;
    this.httpConnections = httpConnections;
    this.eventLoops = eventLoops;
  }

  /**
   * Opens the port.
   *
   * @param addresses where to listen; port 0 takes a free one, which {@link #addresses()} tells
   * @param services the gRPC services
   * @param tracers what watches every gRPC call
   * @param routes the HTTP/1.1 paths
   * @throws FrontFailure when an address cannot be listened on, with one line that names it
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

  /** The same, with a budget that its answers share with others of the process. */
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
   * The same, where others look as well.
   *
   * @param budget what all answers may hold
   * @param faults where it is counted what clients do wrong
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
    ClientFaultFilter.countIn(faults);
    EventLoopGroup eventLoops =
        new MultiThreadIoEventLoopGroup(
            EVENT_LOOPS, new DefaultThreadFactory("balsa-front", true), NioIoHandler.newFactory());
    ChannelGroup http = new DefaultChannelGroup("http", GlobalEventExecutor.INSTANCE);
    Sniffer sniffer =
        new Sniffer(
            limits.prefaceMillis(),
            budget.connections(),
            budget.requests(),
            new HttpPipeline(routes, limits, http, budget, faults),
            faults);
    OpenCalls calls = new OpenCalls(budget, CALLS_MAX);
    List<ServerStreamTracer.Factory> all = new ArrayList<>(tracers);
    all.add(new ShareFactory(budget));
    ConnectionLimit limit = new ConnectionLimit(limits.connectionsMax(), faults, System::nanoTime);
    Server grpc =
        grpc(addresses, services, all, sniffer, limits, eventLoops, calls)
            .channelFactory(() -> new ListeningSocket(limit))
            .build();
    try {
      return new FrontServer(grpc.start(), calls, http, eventLoops);
    } catch (IOException e) {
      var _ = eventLoops.shutdownGracefully(0, 0, TimeUnit.SECONDS);
      throw new FrontFailure(cannotListen(addresses, e), e);
    }
  }

  private static NettyServerBuilder grpc(
      List<InetSocketAddress> addresses,
      List<ServerServiceDefinition> services,
      List<ServerStreamTracer.Factory> tracers,
      Sniffer sniffer,
      FrontLimits limits,
      EventLoopGroup eventLoops,
      OpenCalls calls) {
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(
            addresses.getFirst(), InternalNettyServerCredentials.create(sniffer));
    addresses.stream().skip(1).forEach(builder::addListenAddress);
    services.forEach(builder::addService);
    tracers.forEach(builder::addStreamTracerFactory);
    builder.addTransportFilter(new MessageBundle.Offer());
    InternalNettyServerBuilder.setTracingEnabled(builder, false);
    InternalNettyServerBuilder.setStatsEnabled(builder, false);
    // etcd's keepalive, but pings without calls are allowed: idle clients on the JVM send them
    return builder
        .bossEventLoopGroup(eventLoops)
        .workerEventLoopGroup(eventLoops)
        .directExecutor()
        .intercept(calls)
        .permitKeepAliveTime(5, TimeUnit.SECONDS)
        .permitKeepAliveWithoutCalls(true)
        .keepAliveTime(2, TimeUnit.HOURS)
        .keepAliveTimeout(20, TimeUnit.SECONDS)
        .maxConnectionIdle(IDLE_MINUTES_MAX, TimeUnit.MINUTES)
        // a fixed window: measuring the best one costs a ping for every round trip
        .flowControlWindow(NettyServerBuilder.DEFAULT_FLOW_CONTROL_WINDOW)
        // clients keep what is more until others have ended; it leaves others their part
        .maxConcurrentCallsPerConnection(CALLS_MAX / 4)
        .maxInboundMessageSize(limits.messageBytes())
        .maxInboundMetadataSize(METADATA_BYTES)
        .maxRstFramesPerWindow(RESETS_MAX, RESETS_WINDOW_SECONDS);
  }

  private static String cannotListen(List<InetSocketAddress> addresses, IOException failure) {
    Throwable cause = failure.getCause() == null ? failure : failure.getCause();
    List<String> names = addresses.stream().map(FrontServer::name).toList();
    return "cannot listen on "
        + String.join(", ", names)
        + " ("
        + cause.getMessage()
        + "): end what listens there or choose another address";
  }

  private static String name(InetSocketAddress address) {
    return address.getHostString() + ":" + address.getPort();
  }

  /** Where it listens, in the order asked for, with the ports that were really taken. */
  public List<InetSocketAddress> addresses() {
    return grpc.getListenSockets().stream().map(FrontServer::inet).toList();
  }

  private static InetSocketAddress inet(SocketAddress address) {
    return (InetSocketAddress) address;
  }

  /** How many HTTP/1.1 connections are open. */
  int httpConnections() {
    return httpConnections.size();
  }

  /**
   * Takes no more calls, ends the streams, and after a grace the other calls still open, each with
   * {@code UNAVAILABLE}; answers that come later go nowhere.
   */
  public void drain(Duration grace) {
    grpc.shutdown();
    calls.endStreams();
    if (!hasEnded(grace)) {
      calls.endAll();
    }
    if (!hasEnded(FAREWELL)) {
      grpc.shutdownNow();
    }
    var _ = httpConnections.close();
  }

  private boolean hasEnded(Duration limit) {
    try {
      return grpc.awaitTermination(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** {@link #drain}s and ends all its threads: nobody may answer a call any more. */
  public void stop(Duration grace) {
    drain(grace);
    // an event loop that ends before its connections have leaves them open
    var _ = hasEnded(FAREWELL);
    eventLoops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(1_500);
  }
}
