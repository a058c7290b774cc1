package io.balsa.client;

import io.balsa.proto.etcdserverpb.LeaseGrpc;
import io.balsa.proto.etcdserverpb.LeaseKeepAliveRequest;
import io.balsa.proto.etcdserverpb.LeaseKeepAliveResponse;
import io.grpc.Status;
import java.time.Duration;

/** Renews one lease at any server that answers. For one thread. */
public final class LeaseRenewal {
  private final EtcdClient client;
  private final LeaseKeepAliveRequest request;
  private int at;

  /** Renews the lease with this id. */
  public LeaseRenewal(EtcdClient client, long lease) {
    this.client = client;
    this.request = LeaseKeepAliveRequest.newBuilder().setID(lease).build();
  }

  /**
   * Renews the lease once; asks each endpoint until one answers.
   *
   * @param timeout for each endpoint
   * @return an answer whose TTL is 0 when there is no such lease
   */
  public LeaseKeepAliveResponse once(Duration timeout) throws RequestFailed {
    RequestFailed last = new RequestFailed(Status.UNAVAILABLE, false);
    int endpoints = client.endpoints().size();
    for (int tries = 0; tries < endpoints; tries++) {
      Endpoint endpoint = client.endpoints().get(at);
      try {
        return EtcdCalls.await(
            client.callAt(endpoint, LeaseGrpc.getLeaseKeepAliveMethod(), request, timeout));
      } catch (RequestFailed failed) {
        last = failed;
        at = (at + 1) % endpoints;
      }
    }
    throw last;
  }
}
