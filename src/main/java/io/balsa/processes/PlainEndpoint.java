package io.balsa.processes;

import com.google.protobuf.ByteString;
import io.balsa.bytes.HostPort;
import io.balsa.client.ClientSettings;
import io.balsa.client.EtcdCalls;
import io.balsa.client.EtcdClient;
import io.balsa.client.RequestFailed;
import io.balsa.client.ResumingWatch;
import io.balsa.proto.etcdserverpb.HashKVResponse;
import io.balsa.proto.etcdserverpb.PutRequest;
import io.balsa.proto.etcdserverpb.PutResponse;
import io.balsa.proto.etcdserverpb.RangeRequest;
import io.balsa.proto.etcdserverpb.RangeResponse;
import io.balsa.proto.etcdserverpb.StatusResponse;
import io.balsa.proto.etcdserverpb.WatchCreateRequest;
import java.time.Duration;
import java.util.List;

/**
 * A client of one address. It repeats no request and uses no other address, so a recorded or
 * measured answer is the answer of this address. Calls block.
 */
public final class PlainEndpoint implements AutoCloseable {
  private final EtcdCalls calls;

  private PlainEndpoint(HostPort address, ClientSettings settings) {
    EtcdClient client = EtcdClient.open(List.of(address), settings);
    calls = new EtcdCalls(client, Duration.ofSeconds(20));
  }

  /** A client of a port on this machine, without TLS and without a user. */
  public static PlainEndpoint onLoopback(int port) {
    return new PlainEndpoint(new HostPort("127.0.0.1", port), ClientSettings.DEFAULT);
  }

  /** A client of a port on this machine that is root if there are users. */
  public static PlainEndpoint of(ClusterSecurity security, int port) {
    return new PlainEndpoint(security.address(port), security.settings());
  }

  public PutResponse put(ByteString key, ByteString value, Duration limit) throws RequestFailed {
    PutRequest request = PutRequest.newBuilder().setKey(key).setValue(value).build();
    return EtcdCalls.await(calls.within(limit).put(request));
  }

  /** A watch of all keys from a revision on. The caller closes it. */
  public ResumingWatch history(long from) {
    ByteString everything = ByteString.copyFrom(new byte[1]);
    return calls.watch(
        WatchCreateRequest.newBuilder()
            .setKey(everything)
            .setRangeEnd(everything)
            .setStartRevision(from)
            .build());
  }

  public RangeResponse get(ByteString key, boolean serializable, Duration limit)
      throws RequestFailed {
    RangeRequest request =
        RangeRequest.newBuilder().setKey(key).setSerializable(serializable).build();
    return EtcdCalls.await(calls.within(limit).range(request));
  }

  public StatusResponse status(Duration limit) throws RequestFailed {
    return EtcdCalls.await(calls.within(limit).status());
  }

  public HashKVResponse hashKv(long revision, Duration limit) throws RequestFailed {
    return EtcdCalls.await(calls.within(limit).hashKv(revision));
  }

  /** Connects at once, without the back-off after a broken connection. */
  public void reconnect() {
    calls.connectNow();
  }

  @Override
  public void close() {
    calls.close();
  }
}
