package io.balsa.host;

import io.balsa.bytes.Bytes;
import io.balsa.bytes.Check;
import io.balsa.bytes.HostPort;
import io.balsa.logging.LogEvent;
import io.balsa.logging.RareLine;
import io.balsa.rpc.BytesMarshaller;
import io.balsa.rpc.Channels;
import io.balsa.rpc.GrpcFailure;
import io.balsa.rpc.GrpcLogs;
import io.balsa.tls.ClientTls;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.DecompressorRegistry;
import io.grpc.InsecureServerCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCredentials;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Links as gRPC streams of raw frames, with one connection for each link: a broken connection ends
 * one link only, and a snapshot delays no heartbeat. All of it runs on one event loop.
 *
 * <ol>
 *   <li>A link whose peer's process ends is closed as soon as the kernel says so.
 *   <li>A peer that is silent for three seconds loses the links it opened; the links to it close
 *       after twelve.
 *   <li>An incoming connection is from a stranger until {@link Link#known} is called. {@link
 *       Strangers} bounds its cost.
 *   <li>The network does not try again: it reports a failed link, and the caller decides when to
 *       connect.
 * </ol>
 */
public final class GrpcNetwork implements Network {
  static {
    GrpcLogs.quietTransport();
  }

  private static final LogEvent HANDSHAKE_FAILED =
      LogEvent.warn(
          "io.balsa.host",
          "a connection to the peer port failed its TLS handshake",
          "if it is a member, check its certificate and the authority; else find the program");

  private static final int OPENING_MILLIS_MAX = Channels.CONNECT_MILLIS_MAX;
  private static final int HANDSHAKE_MILLIS_MAX = 5_000;

  /** The most connections of strangers, which bounds the descriptors that they take. */
  private static final int STRANGERS_MAX = 64;

  private static final int STRANGERS_FROM_ONE_MAX = 32;
  private static final int STRANGERS_MILLIS_MAX = 10_000;

  /** A link needs a tenth of it for its headers. */
  private static final int HEADER_BYTES_MAX = 4 << 10;

  /** A link may have two frames of the largest size in flight. */
  private static final int WINDOW_BYTES = 2 * FRAME_BYTES_MAX;

  private static final MethodDescriptor<Bytes, Bytes> LINK =
      MethodDescriptor.newBuilder(BytesMarshaller.INSTANCE, BytesMarshaller.INSTANCE)
          .setType(MethodType.BIDI_STREAMING)
          .setFullMethodName("balsa.peer.Peer/Link")
          .build();

  private final RareLine handshakesFailed = new RareLine(HANDSHAKE_FAILED);
  private final List<HostPort> addresses;
  private final EventLoopGroup group = Channels.eventLoops(1, "peers");
  private final EventLoop loop = group.next();
  private final Strangers strangers;
  private final @Nullable PeerTls tls;
  private final Set<GrpcLink> links = ConcurrentHashMap.newKeySet();
  private final List<Server> servers = new CopyOnWriteArrayList<>();
  private final AtomicReference<@Nullable EventLoopLane> lane = new AtomicReference<>();
  private volatile boolean closed;

  /**
   * A network that does nothing yet.
   *
   * @param addresses where this server listens for peers
   */
  public GrpcNetwork(List<HostPort> addresses) {
    this(addresses, STRANGERS_MILLIS_MAX, null);
  }

  /**
   * The same with TLS.
   *
   * @param tls for the addresses with TLS, of this server and of peers
   */
  public GrpcNetwork(List<HostPort> addresses, @Nullable PeerTls tls) {
    this(addresses, STRANGERS_MILLIS_MAX, tls);
  }

  /** The same with another bound on the time of strangers. */
  GrpcNetwork(List<HostPort> addresses, int strangersMillis, @Nullable PeerTls tls) {
    this.addresses = addresses;
    this.tls = tls;
    strangers = new Strangers(loop, STRANGERS_MAX, STRANGERS_FROM_ONE_MAX, strangersMillis);
  }

  /**
   * {@inheritDoc}
   *
   * @throws UncheckedIOException with one line when an address cannot be listened on
   */
  @Override
  public void listen(Link.Listener listener) {
    Check.that(servers.isEmpty(), "a network listens once");
    try {
      listen(addresses.stream().filter(each -> !each.isSecure()).toList(), listener, null);
      listen(addresses.stream().filter(HostPort::isSecure).toList(), listener, tls);
    } catch (IOException e) {
      servers.forEach(Server::shutdownNow);
      throw new UncheckedIOException(refusedAddress(e), e);
    }
  }

  private void listen(List<HostPort> at, Link.Listener listener, @Nullable PeerTls with)
      throws IOException {
    if (!at.isEmpty()) {
      Check.that(with != null || !at.getFirst().isSecure(), "an address with TLS has its settings");
      servers.add(server(at, listener, with).start());
    }
  }

  private String refusedAddress(IOException e) {
    String where = addresses.stream().map(HostPort::toString).collect(Collectors.joining(", "));
    return "cannot listen for peers on "
        + where
        + ": "
        + GrpcFailure.rootMessage(e)
        + "; is another server running there?";
  }

  /** The port of the first address, once the network listens: the free one that was taken for 0. */
  public int port() {
    Check.that(!servers.isEmpty(), "a network listens before it has a port");
    return servers.getFirst().getPort();
  }

  private Server server(List<HostPort> at, Link.Listener listener, @Nullable PeerTls with) {
    ServerCredentials credentials =
        with == null
            ? InsecureServerCredentials.create()
            : with.accepted().credentials(why -> handshakesFailed.happened("reason", why));
    boolean demandsHosts = with != null && with.demandsHosts();
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(socketAddress(at.getFirst()), credentials);
    at.stream().skip(1).forEach(address -> builder.addListenAddress(socketAddress(address)));
    return builder
        .bossEventLoopGroup(group)
        .workerEventLoopGroup(group)
        .channelFactory(strangers::port)
        .withOption(ChannelOption.SO_REUSEADDR, true)
        .directExecutor()
        .handshakeTimeout(HANDSHAKE_MILLIS_MAX, TimeUnit.MILLISECONDS)
        .keepAliveTime(1, TimeUnit.SECONDS)
        .keepAliveTimeout(2, TimeUnit.SECONDS)
        .permitKeepAliveTime(5, TimeUnit.SECONDS)
        .permitKeepAliveWithoutCalls(true)
        .maxConcurrentCallsPerConnection(1)
        .maxInboundMessageSize(FRAME_BYTES_MAX)
        .maxInboundMetadataSize(HEADER_BYTES_MAX)
        .decompressorRegistry(DecompressorRegistry.emptyInstance())
        .flowControlWindow(WINDOW_BYTES)
        .addService(
            ServerServiceDefinition.builder("balsa.peer.Peer")
                .addMethod(LINK, (call, _) -> accept(call, listener, demandsHosts))
                .build())
        .build();
  }

  private ServerCall.Listener<Bytes> accept(
      ServerCall<Bytes, Bytes> call, Link.Listener listener, boolean demandsHosts) {
    AcceptedCall accepted = new AcceptedCall(call, strangers, demandsHosts);
    GrpcLink link = new GrpcLink(loop, listener, accepted, links::remove);
    links.add(link);
    call.request(Integer.MAX_VALUE);
    call.sendHeaders(new Metadata());
    link.opened();
    return new AcceptedCall.Events(link);
  }

  @Override
  public Link connect(String address, Link.Listener listener) {
    ManagedChannel channel = channel(HostPort.parse(address));
    ClientCall<Bytes, Bytes> call = channel.newCall(LINK, CallOptions.DEFAULT);
    GrpcLink link = new GrpcLink(loop, listener, new Opened(call), ended -> forget(ended, channel));
    links.add(link);
    Future<?> late =
        loop.schedule(
            () -> link.ended("no answer within " + OPENING_MILLIS_MAX + " ms"),
            OPENING_MILLIS_MAX,
            TimeUnit.MILLISECONDS);
    call.start(new OpenedEvents(link, late), new Metadata());
    call.request(Integer.MAX_VALUE);
    if (closed) {
      link.ended("this server is stopping");
    }
    return link;
  }

  /** Waits a while until the last frames of a closed link are sent. */
  private void forget(GrpcLink link, ManagedChannel channel) {
    links.remove(link);
    channel.shutdown();
    if (!channel.isTerminated()) {
      var _ = loop.schedule(channel::shutdownNow, OPENING_MILLIS_MAX, TimeUnit.MILLISECONDS);
    }
  }

  private ManagedChannel channel(HostPort address) {
    PeerTls with = tls;
    return Channels.to(address, group, with == null ? ClientTls.OF_SYSTEM : with.opened())
        .maxInboundMessageSize(FRAME_BYTES_MAX)
        .flowControlWindow(WINDOW_BYTES)
        .build();
  }

  /**
   * A lane on the network's event loop, which goes on after {@link #close} until the lane is
   * closed.
   *
   * @param uncaught gets what a task threw; after that the lane is closed
   */
  Lane lane(Consumer<Throwable> uncaught) {
    EventLoopLane opened = new EventLoopLane(loop, uncaught, this::endLoop);
    EventLoopLane before = lane.getAndSet(opened);
    Check.that(before == null || before.isClosed(), "a network has one lane at a time");
    return opened;
  }

  /** The port is free for a successor when this returns. */
  @Override
  public void close() {
    closed = true;
    links.forEach(GrpcLink::close);
    servers.forEach(Server::shutdownNow);
    servers.forEach(this::awaitEnd);
    endLoop();
  }

  /** On the event loop itself this closes the port at once and must not wait. */
  private void awaitEnd(Server listening) {
    if (loop.inEventLoop()) {
      return;
    }
    try {
      listening.awaitTermination(5, TimeUnit.SECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /** Ends the event loop once the network and its lane are closed. */
  private void endLoop() {
    EventLoopLane open = lane.get();
    if (closed && (open == null || open.isClosed())) {
      var _ = group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
  }

  private static InetSocketAddress socketAddress(HostPort address) {
    return new InetSocketAddress(address.host(), address.port());
  }

  private static String reason(Status status) {
    if (status.isOk()) {
      return "closed by the peer";
    }
    Throwable cause = status.getCause();
    return cause != null ? GrpcFailure.rootMessage(cause) : GrpcFailure.text(status);
  }

  private record Opened(ClientCall<Bytes, Bytes> call) implements GrpcLink.Stream {
    @Override
    public boolean isReady() {
      return call.isReady();
    }

    @Override
    public void send(Bytes frame) {
      call.sendMessage(frame);
    }

    @Override
    public void finish() {
      call.halfClose();
    }
  }

  private static final class OpenedEvents extends ClientCall.Listener<Bytes> {
    private final GrpcLink link;
    private final Future<?> late;

    OpenedEvents(GrpcLink link, Future<?> late) {
      this.link = link;
      this.late = late;
    }

    @Override
    public void onHeaders(Metadata headers) {
      late.cancel(false);
      link.opened();
    }

    @Override
    public void onMessage(Bytes frame) {
      link.received(frame);
    }

    @Override
    public void onReady() {
      link.pass();
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      late.cancel(false);
      link.ended(reason(status));
    }
  }
}
