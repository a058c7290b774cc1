package io.balsa.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.proto.etcdserverpb.AuthUserGrantRoleRequest;
import io.balsa.proto.etcdserverpb.AuthUserRevokeRoleRequest;
import io.balsa.proto.etcdserverpb.MaintenanceGrpc;
import io.balsa.proto.etcdserverpb.SnapshotRequest;
import io.balsa.proto.etcdserverpb.SnapshotResponse;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A backup has all keys, so it is for root alone, as root is when the backup begins. */
class BackupRightTest extends AtServerWithUsers {
  private ClientCall<SnapshotRequest, SnapshotResponse> begin(
      String token, BlockingQueue<Status> ends) {
    var call = channel.newCall(MaintenanceGrpc.getSnapshotMethod(), CallOptions.DEFAULT);
    Metadata metadata = new Metadata();
    metadata.put(Metadata.Key.of("token", Metadata.ASCII_STRING_MARSHALLER), token);
    call.start(
        new ClientCall.Listener<SnapshotResponse>() {
          @Override
          public void onClose(Status status, Metadata trailers) {
            ends.add(status);
          }
        },
        metadata);
    call.request(1_000);
    // a later call of the same connection is answered: the server has the headers
    assertThat(kv(root).range(range("a")).hasHeader()).isTrue();
    return call;
  }

  private Status endOf(
      ClientCall<SnapshotRequest, SnapshotResponse> call, BlockingQueue<Status> ends)
      throws Exception {
    call.sendMessage(SnapshotRequest.getDefaultInstance());
    call.halfClose();
    Status end = ends.poll(20, TimeUnit.SECONDS);
    assertThat(end).isNotNull();
    return end;
  }

  @Test
  void sec19WhoWasRootWhenTheCallBeganIsJudgedAgain() throws Exception {
    auth(root)
        .userGrantRole(
            AuthUserGrantRoleRequest.newBuilder().setUser("alice").setRole("root").build());
    BlockingQueue<Status> ends = new LinkedBlockingQueue<>();
    assertThat(endOf(begin(alice, ends), ends).isOk()).isTrue();
    var late = begin(alice, ends);
    auth(root)
        .userRevokeRole(
            AuthUserRevokeRoleRequest.newBuilder().setName("alice").setRole("root").build());
    Status end = endOf(late, ends);
    assertThat(end.getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
    assertThat(end.getDescription()).isEqualTo(DENIED);
  }
}
