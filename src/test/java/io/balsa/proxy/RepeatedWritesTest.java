package io.balsa.proxy;

import static io.balsa.host.Until.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.balsa.bytes.HostPort;
import io.balsa.client.EtcdCalls;
import io.balsa.client.RequestFailed;
import io.balsa.house.SharesCores;
import io.balsa.proto.etcdserverpb.KVGrpc;
import io.balsa.proto.etcdserverpb.PutRequest;
import io.balsa.proto.etcdserverpb.PutResponse;
import io.balsa.proto.etcdserverpb.RangeRequest;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Leaders end under load, and every write is performed once: a key's version counts its puts. */
@SharesCores
@Timeout(120)
class RepeatedWritesTest {
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final int CLIENTS = 8;
  private static final int DEATHS = 3;

  private RealServers servers;
  private final AtomicInteger acknowledged = new AtomicInteger();
  private volatile boolean enough;

  @BeforeEach
  void open() throws Exception {
    servers = new RealServers();
  }

  @AfterEach
  void close() throws Exception {
    servers.close();
  }

  @Test
  void byTheClientThatTheCommandsUse() throws Exception {
    try (EtcdCalls calls = EtcdCalls.repeating(servers.addresses(), LONG)) {
      everyWriteIsDoneOnce(calls);
    }
  }

  @Test
  void byTheProxyForAnyClient() throws Exception {
    Proxy proxy = Proxy.start(ProxyConfig.of(servers.addresses(), ProxiedCluster.ANY_PORT));
    try (EtcdCalls calls = EtcdCalls.open(List.of(ProxiedCluster.addressOf(proxy)), LONG)) {
      until(() -> proxy.serves() && proxy.cluster().nearest().size() == 3);
      everyWriteIsDoneOnce(calls);
    } finally {
      proxy.stop();
    }
  }

  /**
   * The client connects without gRPC's back-off, which would let the write fail while servers
   * return.
   */
  @Test
  void aWriteWaitsForServersThatReturn() throws Exception {
    try (EtcdCalls calls = EtcdCalls.repeating(servers.addresses(), LONG)) {
      EtcdCalls.await(calls.put(PutRequest.newBuilder().setKey(key(1)).build()));
      for (long id = 1; id <= 3; id++) {
        servers.stop(id);
      }
      CompletableFuture<PutResponse> put =
          calls.put(PutRequest.newBuilder().setKey(key(2)).build());
      for (long id = 1; id <= 3; id++) {
        servers.start(id);
      }

      EtcdCalls.await(put);
      assertThat(version(calls, 2)).isEqualTo(1);
    }
  }

  @Test
  void aWriteThatWaitsEndsWithItsClient() throws Exception {
    List<EtcdCalls> clients = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      clients.add(EtcdCalls.repeating(servers.addresses(), LONG));
      EtcdCalls.await(clients.get(i).put(PutRequest.newBuilder().setKey(key(i)).build()));
    }
    for (long id = 1; id <= 3; id++) {
      servers.stop(id);
    }
    for (EtcdCalls client : clients) {
      CompletableFuture<PutResponse> put =
          client.put(PutRequest.newBuilder().setKey(key(1)).build());
      client.close();
      assertThat(put).failsWithin(5, TimeUnit.SECONDS);
    }
  }

  private void everyWriteIsDoneOnce(EtcdCalls calls) throws Exception {
    List<CompletableFuture<Integer>> clients = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      int client = i;
      clients.add(
          CompletableFuture.supplyAsync(() -> count(calls, client), Thread::startVirtualThread));
    }
    for (int i = 0; i < DEATHS; i++) {
      untilMoreIsPut(clients);
      long leader = servers.untilOneLeads();
      servers.stop(leader);
      untilMoreIsPut(clients);
      servers.start(leader);
    }
    enough = true;
    for (int i = 0; i < CLIENTS; i++) {
      int puts = clients.get(i).get(60, TimeUnit.SECONDS);
      assertThat(version(calls, i)).as("client %s", i).isEqualTo(puts);
    }
  }

  /** Waits for fifty more puts, and fails as soon as a client does. */
  private void untilMoreIsPut(List<CompletableFuture<Integer>> clients) throws Exception {
    int before = acknowledged.get();
    until(
        () ->
            acknowledged.get() > before + 50
                || clients.stream().anyMatch(CompletableFuture::isCompletedExceptionally));
    clients.stream().filter(CompletableFuture::isDone).forEach(CompletableFuture::join);
  }

  /** Puts until the test ends; no put may fail. */
  private int count(EtcdCalls calls, int client) {
    int puts = 0;
    while (!enough) {
      PutRequest put =
          PutRequest.newBuilder().setKey(key(client)).setValue(key(puts)).setPrevKv(true).build();
      try {
        PutResponse answer = EtcdCalls.await(calls.put(put));
        assertThat(answer.getPrevKv().getVersion()).isEqualTo(puts);
      } catch (RequestFailed failed) {
        throw new AssertionError("put " + puts + " of client " + client, failed);
      }
      puts++;
      acknowledged.incrementAndGet();
    }
    return puts;
  }

  private static ByteString key(int number) {
    return ByteString.copyFromUtf8("n" + number);
  }

  private static long version(EtcdCalls calls, int client) throws RequestFailed {
    RangeRequest range = RangeRequest.newBuilder().setKey(key(client)).build();
    return EtcdCalls.await(calls.range(range)).getKvs(0).getVersion();
  }

  @Test
  void aNameIsTwoHeaders() throws Exception {
    until(() -> servers.leader() != 0);
    HostPort address = servers.addresses().getFirst();
    ManagedChannel channel =
        ManagedChannelBuilder.forAddress(address.host(), address.port()).usePlaintext().build();
    try {
      PutRequest put = PutRequest.newBuilder().setKey(key(1)).setValue(key(2)).build();
      PutResponse first = named(channel, "18446744073709551615", "1").put(put);
      assertThat(named(channel, "18446744073709551615", "1").put(put).getHeader().getRevision())
          .isEqualTo(first.getHeader().getRevision());
      assertThat(named(channel, "18446744073709551615", "2").put(put).getHeader().getRevision())
          .isEqualTo(first.getHeader().getRevision() + 1);
      assertThatThrownBy(() -> named(channel, "0", "1").put(put))
          .isInstanceOf(StatusRuntimeException.class)
          .hasMessage(
              "INVALID_ARGUMENT: balsa: balsa-client-id must be a number other than 0,"
                  + " balsa-sequence one from 1 on");
      assertThatThrownBy(() -> named(channel, "9", "129").put(put))
          .hasMessage(
              "FAILED_PRECONDITION: etcdserver: client sequence is too old, the write may have"
                  + " been done before");
    } finally {
      channel.shutdownNow();
    }
  }

  private static KVGrpc.KVBlockingStub named(ManagedChannel channel, String id, String sequence) {
    Metadata headers = new Metadata();
    headers.put(Metadata.Key.of("balsa-client-id", Metadata.ASCII_STRING_MARSHALLER), id);
    headers.put(Metadata.Key.of("balsa-sequence", Metadata.ASCII_STRING_MARSHALLER), sequence);
    return KVGrpc.newBlockingStub(channel)
        .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
  }
}
