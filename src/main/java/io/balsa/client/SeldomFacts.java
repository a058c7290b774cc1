package io.balsa.client;

import io.balsa.proto.etcdserverpb.ClusterGrpc;
import io.balsa.proto.etcdserverpb.MaintenanceGrpc;
import io.balsa.proto.etcdserverpb.Member;
import io.balsa.proto.etcdserverpb.MemberListRequest;
import io.balsa.proto.etcdserverpb.MemberListResponse;
import io.balsa.proto.etcdserverpb.StatusRequest;
import io.balsa.proto.etcdserverpb.StatusResponse;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Asks a server for what changes seldom: the members and the versions. While users are in force, a
 * server answers neither question without a login. Then the last answer stays.
 */
final class SeldomFacts {
  private static final long BETWEEN_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final long TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(2);

  private final Supplier<Metadata> headers;
  private final Consumer<List<Member>> members;
  private long askedNanos = System.nanoTime() - BETWEEN_NANOS;
  private volatile ClusterMonitor.Version version = ClusterMonitor.Version.UNKNOWN;

  /**
   * Asks nothing yet.
   *
   * @param headers the metadata of each call
   * @param members gets the members, on any thread
   */
  SeldomFacts(Supplier<Metadata> headers, Consumer<List<Member>> members) {
    this.headers = headers;
    this.members = members;
  }

  /** The versions of the server that answered last. Safe for all threads. */
  ClusterMonitor.Version version() {
    return version;
  }

  /** Whether it is time to ask again. */
  boolean areDue(long nowNanos) {
    return nowNanos - askedNanos >= BETWEEN_NANOS;
  }

  /** Asks both questions. */
  void ask(Endpoint endpoint) {
    askedNanos = System.nanoTime();
    UnaryCall.make(
        endpoint,
        ClusterGrpc.getMemberListMethod(),
        MemberListRequest.getDefaultInstance(),
        headers.get(),
        TIMEOUT_NANOS,
        new Kept<MemberListResponse>(answer -> members.accept(answer.getMembersList())));
    UnaryCall.make(
        endpoint,
        MaintenanceGrpc.getStatusMethod(),
        StatusRequest.getDefaultInstance(),
        headers.get(),
        TIMEOUT_NANOS,
        new Kept<StatusResponse>(this::keep));
  }

  private void keep(StatusResponse status) {
    String storage = status.getStorageVersion();
    version =
        new ClusterMonitor.Version(status.getVersion(), storage.isEmpty() ? "unknown" : storage);
  }

  /** Uses an answer. After a failure, the monitor asks again later. */
  private record Kept<A>(Consumer<A> use) implements UnaryCall.Ending<A> {
    @Override
    public void answered(A answer) {
      use.accept(answer);
    }

    @Override
    public void failed(Status status, boolean sent) {
      // what was known before stays
    }
  }
}
