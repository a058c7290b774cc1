package io.balsa.proxy;

import static io.balsa.host.Until.until;

import io.balsa.bytes.HostPort;
import io.balsa.proto.etcdserverpb.KVGrpc;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Tests of a proxy before three real servers, with a client's channel to the proxy. */
abstract class BeforeRealServers {
  RealServers servers;
  Proxy proxy;
  ManagedChannel channel;

  @BeforeEach
  void openProxy() throws Exception {
    servers = new RealServers();
    proxy = proxyOf(servers.addresses());
    HostPort address = ProxiedCluster.addressOf(proxy);
    channel =
        as(NettyChannelBuilder.forAddress(address.host(), address.port()).usePlaintext()).build();
    until(() -> proxy.serves() && proxy.cluster().nearest().size() == 3);
  }

  /** The proxy under test. */
  Proxy proxyOf(List<HostPort> addresses) throws Exception {
    return Proxy.start(ProxyConfig.of(addresses, ProxiedCluster.ANY_PORT));
  }

  /** Sets options of the channel. */
  NettyChannelBuilder as(NettyChannelBuilder builder) {
    return builder;
  }

  @AfterEach
  void closeProxy() throws Exception {
    channel.shutdownNow();
    proxy.stop();
    servers.close();
  }

  final KVGrpc.KVBlockingStub kv() {
    return KVGrpc.newBlockingStub(channel).withDeadlineAfter(20, TimeUnit.SECONDS);
  }
}
