package io.balsa.drill;

import com.google.protobuf.ByteString;
import io.balsa.bytes.HostPort;
import io.balsa.client.EtcdCalls;
import io.balsa.client.RequestFailed;
import io.balsa.proto.etcdserverpb.HashKVResponse;
import io.balsa.proto.etcdserverpb.PutRequest;
import io.balsa.proto.etcdserverpb.PutResponse;
import io.balsa.proto.etcdserverpb.RangeRequest;
import io.balsa.proto.etcdserverpb.RangeResponse;
import io.balsa.proto.etcdserverpb.StatusResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * One address, spoken to plainly: nothing is repeated, nothing goes elsewhere, so that what is
 * measured and written down is what the address did. Calls block, but for the one that says so.
 */
final class Endpoint implements AutoCloseable {
  private final EtcdCalls calls;

  private Endpoint(HostPort address) {
    calls = EtcdCalls.open(List.of(address), Duration.ofSeconds(20));
  }

  static Endpoint onLoopback(int port) {
    return new Endpoint(new HostPort("127.0.0.1", port));
  }

  PutResponse put(ByteString key, ByteString value, Duration limit) throws RequestFailed {
    PutRequest request = PutRequest.newBuilder().setKey(key).setValue(value).build();
    return EtcdCalls.await(calls.within(limit).put(request));
  }

  /** Asks without blocking. */
  CompletableFuture<RangeResponse> range(RangeRequest request) {
    return calls.range(request);
  }

  RangeResponse get(ByteString key, boolean serializable, Duration limit) throws RequestFailed {
    RangeRequest request =
        RangeRequest.newBuilder().setKey(key).setSerializable(serializable).build();
    return EtcdCalls.await(calls.within(limit).range(request));
  }

  StatusResponse status(Duration limit) throws RequestFailed {
    return EtcdCalls.await(calls.within(limit).status());
  }

  HashKVResponse hashKv(long revision, Duration limit) throws RequestFailed {
    return EtcdCalls.await(calls.within(limit).hashKv(revision));
  }

  /** Connects at once instead of after the back-off that broken connections earn. */
  void reconnect() {
    calls.connectNow();
  }

  @Override
  public void close() {
    calls.close();
  }
}
