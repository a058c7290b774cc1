package io.balsa.front;

import io.balsa.proto.etcdserverpb.LeaseGrpc;
import io.balsa.proto.etcdserverpb.LeaseKeepAliveRequest;
import io.balsa.proto.etcdserverpb.LeaseKeepAliveResponse;
import io.grpc.stub.StreamObserver;

/** A service without leases: each renewal is answered with its id. */
final class TinyLease extends LeaseGrpc.LeaseImplBase {
  @Override
  public StreamObserver<LeaseKeepAliveRequest> leaseKeepAlive(
      StreamObserver<LeaseKeepAliveResponse> answers) {
    return new StreamObserver<>() {
      @Override
      public void onNext(LeaseKeepAliveRequest request) {
        answers.onNext(LeaseKeepAliveResponse.newBuilder().setID(request.getID()).build());
      }

      @Override
      public void onError(Throwable gone) {
        // nothing is kept for the client
      }

      @Override
      public void onCompleted() {
        answers.onCompleted();
      }
    };
  }
}
