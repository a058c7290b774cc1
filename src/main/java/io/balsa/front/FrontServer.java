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
import io.netty.channel.EventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
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

  /** How long the statuses of ended calls may take to leave the machine. */
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
    ClientFaultFilter.countIn(faults);
    EventLoopGroup eventLoops = Channels.eventLoops(EVENT_LOOPS, "balsa-front");
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
    // as etcd, but pings without calls are allowed: idle clients on the JVM send them
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
        // a fixed window, because measuring the best one costs a ping in every round trip
        .flowControlWindow(NettyServerBuilder.DEFAULT_FLOW_CONTROL_WINDOW)
        // clients hold further calls back until others have ended, so other clients get their part
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

  /** The addresses that the port listens on, in the given order, with their real port numbers. */
  public List<InetSocketAddress> addresses() {
    return grpc.getListenSockets().stream().map(FrontServer::inet).toList();
  }

  private static InetSocketAddress inet(SocketAddress address) {
    return (InetSocketAddress) address;
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
