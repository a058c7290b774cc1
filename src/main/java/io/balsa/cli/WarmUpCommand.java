package io.balsa.cli;

import com.google.protobuf.ByteString;
import io.balsa.bytes.HostPort;
import io.balsa.client.EtcdCalls;
import io.balsa.client.RequestFailed;
import io.balsa.front.FrontFailure;
import io.balsa.node.StartupFailure;
import io.balsa.proto.etcdserverpb.PutRequest;
import io.balsa.proto.etcdserverpb.RangeRequest;
import io.balsa.proxy.Proxy;
import io.balsa.proxy.ProxyConfig;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;

/**
 * Does once what servers, proxies and clients do, so that a start-up cache made from this run holds
 * their classes.
 */
@Command(
    name = "warm-up",
    hidden = true,
    description = "Does a little of everything, for training.")
final class WarmUpCommand implements Callable<Integer> {
  private static final int ROUNDS = 50;
  private static final ByteString KEY = ByteString.copyFromUtf8("warm");

  @Override
  public Integer call() throws IOException, StartupFailure, FrontFailure, RequestFailed {
    Path data = Files.createTempDirectory("balsa-warm-up");
    try {
      RunningServer server = RunningServer.start(settings(data));
      HostPort address = hostPort(server.clientAddress());
      Proxy proxy = Proxy.start(ProxyConfig.of(List.of(address), new HostPort("127.0.0.1", 0)));
      use(address);
      use(hostPort(proxy.addresses().getFirst()));
      proxy.stop();
      server.stop();
    } finally {
      delete(data);
    }
    return 0;
  }

  private static ServerSettings settings(Path data) {
    ServerOptions options = new ServerOptions();
    options.dataDir = data.toString();
    options.listenClientUrls = "http://127.0.0.1:0";
    options.listenPeerUrls = "http://127.0.0.1:0";
    return ServerSettings.of(options);
  }

  private static HostPort hostPort(InetSocketAddress address) {
    return new HostPort("127.0.0.1", address.getPort());
  }

  private static void use(HostPort address) throws RequestFailed {
    PutRequest put = PutRequest.newBuilder().setKey(KEY).setValue(KEY).build();
    RangeRequest get = RangeRequest.newBuilder().setKey(KEY).build();
    try (EtcdCalls calls = EtcdCalls.open(List.of(address), Duration.ofSeconds(10))) {
      for (int i = 0; i < ROUNDS; i++) {
        EtcdCalls.await(calls.put(put));
        EtcdCalls.await(calls.range(get));
      }
      EtcdCalls.await(calls.status());
      EtcdCalls.await(calls.memberList());
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }
}
