package io.balsa.client;

import io.balsa.bytes.HostPort;
import io.balsa.proto.etcdserverpb.ClusterGrpc;
import io.balsa.proto.etcdserverpb.KVGrpc;
import io.balsa.proto.etcdserverpb.LeaseGrpc;
import io.balsa.proto.etcdserverpb.MaintenanceGrpc;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.Status.Code;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Makes single calls to a cluster.
 *
 * <ol>
 *   <li>A request goes to the endpoint that answered last, and after a failure to the next.
 *   <li>A request that may change something goes to the next only when it provably never left.
 *   <li>A request that only reads goes to the next when a server was not available.
 *   <li>A failure is a {@link RequestFailed}, which says whether the request may have been done.
 * </ol>
 */
public final class EtcdClient implements AutoCloseable {
  private static final Set<MethodDescriptor<?, ?>> READS =
      Set.of(
          KVGrpc.getRangeMethod(),
          LeaseGrpc.getLeaseTimeToLiveMethod(),
          LeaseGrpc.getLeaseLeasesMethod(),
          ClusterGrpc.getMemberListMethod(),
          MaintenanceGrpc.getStatusMethod(),
          MaintenanceGrpc.getHashMethod(),
          MaintenanceGrpc.getHashKVMethod());

  private final Endpoints endpoints;
  private volatile int current;

  private EtcdClient(Endpoints endpoints) {
    this.endpoints = endpoints;
  }

  /** A client of the servers at these addresses, at least one; connects when first used. */
  public static EtcdClient open(List<HostPort> addresses) {
    return open(addresses, 1);
  }

  /** As {@link #open(List)}, with more than one thread for many requests at once. */
  public static EtcdClient open(List<HostPort> addresses, int eventLoops) {
    return new EtcdClient(new Endpoints(addresses, eventLoops));
  }

  /** The endpoints, in the order given. */
  public List<Endpoint> endpoints() {
    return endpoints.all();
  }

  /**
   * Makes a call; the future fails with a {@link RequestFailed}. Its dependents run on an event
   * loop and must not wait.
   *
   * @param timeout for one endpoint; a read may take it at each
   */
  public <Q, A> CompletableFuture<A> call(
      MethodDescriptor<Q, A> method, Q request, Duration timeout) {
    Asking<Q, A> asking = new Asking<>(method, request, timeout, endpoints.all().size());
    asking.ask();
    return asking.done;
  }

  /** As {@link #call}, of one endpoint, once. */
  public <Q, A> CompletableFuture<A> callAt(
      Endpoint endpoint, MethodDescriptor<Q, A> method, Q request, Duration timeout) {
    Asking<Q, A> asking = new Asking<>(method, request, timeout, 1);
    asking.ask(endpoint);
    return asking.done;
  }

  /**
   * Makes a call with many answers, of the endpoint that answered last. They are asked for one by
   * one, so that a slow reader holds the server back. For threads that may wait.
   */
  public <Q, A> Answers<A> stream(MethodDescriptor<Q, A> method, Q request) {
    return new Answers<>(endpoints.all().get(current).answers(method, request));
  }

  @Override
  public void close() {
    endpoints.close();
  }

  /** One request on its way from endpoint to endpoint. */
  private final class Asking<Q, A> implements UnaryCall.Ending<A> {
    private final MethodDescriptor<Q, A> method;
    private final Q request;
    private final Duration timeout;
    private final CompletableFuture<A> done = new CompletableFuture<>();
    private int triesLeft;
    private int at;

    Asking(MethodDescriptor<Q, A> method, Q request, Duration timeout, int tries) {
      this.method = method;
      this.request = request;
      this.timeout = timeout;
      this.triesLeft = tries;
    }

    void ask() {
      at = current;
      ask(endpoints.all().get(at));
    }

    void ask(Endpoint endpoint) {
      triesLeft--;
      UnaryCall.make(endpoint, method, request, new Metadata(), timeout.toNanos(), this);
    }

    @Override
    public void answered(A answer) {
      done.complete(answer);
    }

    @Override
    public void failed(Status status, boolean sent) {
      boolean elsewhere = status.getCode() == Code.UNAVAILABLE && (!sent || READS.contains(method));
      if (elsewhere && triesLeft > 0) {
        current = (at + 1) % endpoints.all().size();
        ask();
      } else {
        done.completeExceptionally(new RequestFailed(status, sent && isOpen(status.getCode())));
      }
    }
  }

  /** Whether a request that ended so may have been done all the same. */
  private static boolean isOpen(Code code) {
    return switch (code) {
      case CANCELLED, UNKNOWN, DEADLINE_EXCEEDED, ABORTED, INTERNAL, UNAVAILABLE, DATA_LOSS -> true;
      case OK,
          INVALID_ARGUMENT,
          NOT_FOUND,
          ALREADY_EXISTS,
          PERMISSION_DENIED,
          RESOURCE_EXHAUSTED,
          FAILED_PRECONDITION,
          OUT_OF_RANGE,
          UNIMPLEMENTED,
          UNAUTHENTICATED ->
          false;
    };
  }
}
