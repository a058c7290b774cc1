package io.balsa.proxy;

import static io.balsa.host.Until.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.protobuf.ByteString;
import io.balsa.bytes.HostPort;
import io.balsa.client.EtcdCalls;
import io.balsa.house.SharesCores;
import io.balsa.proto.etcdserverpb.KVGrpc;
import io.balsa.proto.etcdserverpb.PutRequest;
import io.balsa.proto.etcdserverpb.PutResponse;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Thousands of other clients write, so servers forget older names. */
@SharesCores
@Timeout(180)
class ForgottenNamesTest {
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final int OTHERS = 2_000;

  private RealServers servers;
  private ManagedChannel channel;
  private long lastId = 1_000;

  @BeforeEach
  void open() throws Exception {
    servers = new RealServers();
    until(() -> servers.leader() != 0);
    HostPort address = servers.addresses().getFirst();
    channel =
        ManagedChannelBuilder.forAddress(address.host(), address.port()).usePlaintext().build();
  }

  @AfterEach
  void close() throws Exception {
    channel.shutdownNow();
    servers.close();
  }

  private static PutRequest put(String key) {
    return PutRequest.newBuilder().setKey(ByteString.copyFromUtf8(key)).build();
  }

  private KVGrpc.KVFutureStub named(long id, long sequence) {
    Metadata headers = new Metadata();
    headers.put(
        Metadata.Key.of("balsa-client-id", Metadata.ASCII_STRING_MARSHALLER), String.valueOf(id));
    headers.put(
        Metadata.Key.of("balsa-sequence", Metadata.ASCII_STRING_MARSHALLER),
        String.valueOf(sequence));
    return KVGrpc.newFutureStub(channel)
        .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
  }

  private void othersWrite() throws Exception {
    List<Future<PutResponse>> puts = new ArrayList<>();
    for (int i = 0; i < OTHERS; i++) {
      puts.add(named(++lastId, 1).put(put("other")));
    }
    for (Future<PutResponse> each : puts) {
      each.get(60, TimeUnit.SECONDS);
    }
  }

  @Test
  void aProxyWritesOnUnderAnotherName() throws Exception {
    Proxy proxy = Proxy.start(ProxyConfig.of(servers.addresses(), ProxiedCluster.ANY_PORT));
    try (EtcdCalls calls = EtcdCalls.open(List.of(ProxiedCluster.addressOf(proxy)), LONG)) {
      until(proxy::serves);
      writeOnAndOn(calls);
    } finally {
      proxy.stop();
    }
  }

  @Test
  void soDoesAClientThatRepeats() throws Exception {
    try (EtcdCalls calls = EtcdCalls.repeating(servers.addresses(), LONG)) {
      writeOnAndOn(calls);
    }
  }

  /** Each write is forgotten by the next, first past the window and then within it. */
  private void writeOnAndOn(EtcdCalls calls) throws Exception {
    for (int i = 1; i <= 200; i++) {
      assertThat(version(calls)).isEqualTo(i);
    }
    othersWrite();
    assertThat(version(calls)).isEqualTo(201);
    othersWrite();
    assertThat(version(calls)).isEqualTo(202);
    assertThat(version(calls)).isEqualTo(203);
  }

  private static long version(EtcdCalls calls) throws Exception {
    PutRequest put = put("k").toBuilder().setPrevKv(true).build();
    return EtcdCalls.await(calls.put(put)).getPrevKv().getVersion() + 1;
  }

  @Test
  void whoSaysSinceWhenItIsHereIsToldTheTruthForEver() throws Exception {
    PutResponse first = aged(7, 1, "1").put(put("k"));
    assertThat(aged(7, 1, "1").put(put("k")).getHeader()).isEqualTo(first.getHeader());
    othersWrite();
    StatusRuntimeException refused =
        assertThrows(StatusRuntimeException.class, () -> aged(8, 1, "1").put(put("k")));
    assertThat(refused).hasMessageContaining("client sequence is too old");
    String applied =
        Objects.requireNonNull(refused.getTrailers())
            .get(Metadata.Key.of("balsa-applied", Metadata.ASCII_STRING_MARSHALLER));
    assertThat(Long.parseLong(Objects.requireNonNull(applied))).isGreaterThan(OTHERS);
    assertThat(aged(9, 5_000, applied).put(put("k")).getHeader().getRevision())
        .isGreaterThan(OTHERS);
    assertThatThrownBy(() -> aged(9, 1, "x").put(put("k")))
        .hasMessageContaining("balsa-client-since must be an index");
    assertThatThrownBy(() -> aged(9, 1, "-1").put(put("k")))
        .hasMessageContaining("balsa-client-since must be an index");
  }

  private KVGrpc.KVBlockingStub aged(long id, long sequence, String since) {
    Metadata headers = new Metadata();
    headers.put(
        Metadata.Key.of("balsa-client-id", Metadata.ASCII_STRING_MARSHALLER), String.valueOf(id));
    headers.put(
        Metadata.Key.of("balsa-sequence", Metadata.ASCII_STRING_MARSHALLER),
        String.valueOf(sequence));
    headers.put(Metadata.Key.of("balsa-client-since", Metadata.ASCII_STRING_MARSHALLER), since);
    return KVGrpc.newBlockingStub(channel)
        .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
  }

  @Test
  void aForgottenWriteIsNotDoneAgain() throws Exception {
    named(7, 1).put(put("k")).get(60, TimeUnit.SECONDS);
    othersWrite();
    assertThatThrownBy(() -> named(7, 1).put(put("k")).get(60, TimeUnit.SECONDS))
        .hasCauseInstanceOf(StatusRuntimeException.class)
        .hasMessageContaining("client sequence is too old");
    try (EtcdCalls calls = EtcdCalls.open(servers.addresses(), LONG)) {
      assertThat(version(calls)).isEqualTo(2);
    }
  }
}
