package io.balsa.front;

import static io.balsa.host.Until.until;

import io.balsa.budget.AnswerBudget;
import io.grpc.BindableService;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** A port on a free address of the loopback, with clients that are closed before it. */
final class TestPort {
  private static final int READ_MILLIS_MAX = 20_000;

  private final AnswerBudget budget;
  private final FrontServer server;
  private final ManagedChannel channel;
  private final List<AutoCloseable> clients = new ArrayList<>();

  /** A port with the default limits. */
  TestPort(AnswerBudget budget, HttpRoutes routes, BindableService service) throws FrontFailure {
    this(budget, FrontLimits.DEFAULT, routes, service);
  }

  TestPort(AnswerBudget budget, FrontLimits limits, HttpRoutes routes, BindableService service)
      throws FrontFailure {
    this.budget = budget;
    this.server =
        FrontServer.start(
            List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
            List.of(service.bindService()),
            List.of(),
            routes,
            limits,
            budget);
    this.channel = NettyChannelBuilder.forAddress(address()).usePlaintext().build();
  }

  FrontServer server() {
    return server;
  }

  InetSocketAddress address() {
    return server.addresses().getFirst();
  }

  /** The channel of a gRPC client that reads its answers. */
  ManagedChannel channel() {
    return channel;
  }

  /** A connection to the port. */
  Socket socket(int receiveBufferBytes) throws IOException {
    Socket socket = closing(new Socket());
    socket.setReceiveBufferSize(receiveBufferBytes);
    socket.setSoTimeout(READ_MILLIS_MAX);
    socket.connect(address());
    return socket;
  }

  /** A raw HTTP/2 client; {@code window} is the number of bytes that each stream may receive. */
  RawHttp2 rawHttp2(int window) throws IOException {
    return closing(new RawHttp2(address(), window));
  }

  /** Closes a client before the port. */
  <T extends AutoCloseable> T closing(T client) {
    clients.add(client);
    return client;
  }

  void closeClients() throws Exception {
    for (AutoCloseable client : clients) {
      client.close();
    }
  }

  /** Waits for a condition; a failure names it with the numbers of the budget. */
  void await(String what, BooleanSupplier condition) {
    until(
        () ->
            "%s: %d B held, %d wait, %d calls, %d B unfinished, %d requests refused"
                .formatted(
                    what,
                    budget.bytesHeld(),
                    budget.waiting(),
                    budget.calls(),
                    budget.requests().bytes(),
                    budget.requests().refused()),
        condition);
  }

  void close() throws Exception {
    closeClients();
    channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
    server.stop(Duration.ofSeconds(1));
  }
}
