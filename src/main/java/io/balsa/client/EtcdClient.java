package io.balsa.client;

import com.google.protobuf.MessageLite;
import io.balsa.bytes.HostPort;
import io.balsa.proto.etcdserverpb.ClusterGrpc;
import io.balsa.proto.etcdserverpb.KVGrpc;
import io.balsa.proto.etcdserverpb.LeaseGrpc;
import io.balsa.proto.etcdserverpb.MaintenanceGrpc;
import io.balsa.proto.etcdserverpb.StatusRequest;
import io.balsa.proto.etcdserverpb.StatusResponse;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.Status.Code;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Makes unary calls to a cluster.
 *
 * <ol>
 *   <li>A request goes to the endpoint that answered last, and after a failure to the next.
 *   <li>A request that may change something goes to the next endpoint only if no server can have
 *       received it.
 *   <li>Unless the client was opened with {@link #repeating}. Then puts, deletions and transactions
 *       have names, and Balsa's servers perform a named write once. The client repeats a write that
 *       may have been performed until it is answered or its time is over. It also repeats an unsent
 *       write if some server has answered before: the servers may come back.
 *   <li>A request that only reads goes to the next endpoint when a server is not available.
 *   <li>A failure is a {@link RequestFailed}, which says whether the request may have been
 *       performed.
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

  /**
   * A server may forget a new name before the write arrives, when very many other clients write.
   */
  private static final int RENEWALS_MAX = 5;

  private static final long REPEAT_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private final Endpoints endpoints;
  private final @Nullable WriteNames names;
  private volatile int current;

  private EtcdClient(Endpoints endpoints, boolean repeating) {
    this.endpoints = endpoints;
    this.names = repeating ? new WriteNames(endpoints::applied) : null;
  }

  /** As {@link #open(List)}; writes are repeated at servers that perform a named write once. */
  public static EtcdClient repeating(List<HostPort> addresses) {
    return repeating(addresses, ClientSettings.DEFAULT);
  }

  /** As {@link #repeating(List)}, with settings for its connections. */
  public static EtcdClient repeating(List<HostPort> addresses, ClientSettings settings) {
    return new EtcdClient(new Endpoints(addresses, 1, settings), true);
  }

  /** A client of the servers at these addresses, at least one; connects when first used. */
  public static EtcdClient open(List<HostPort> addresses) {
    return open(addresses, 1);
  }

  /** As {@link #open(List)}, with settings for its connections. */
  public static EtcdClient open(List<HostPort> addresses, ClientSettings settings) {
    return new EtcdClient(new Endpoints(addresses, 1, settings), false);
  }

  /** As {@link #open(List)}, with more than one thread for many requests at once. */
  public static EtcdClient open(List<HostPort> addresses, int eventLoops) {
    return new EtcdClient(new Endpoints(addresses, eventLoops), false);
  }

  /** As {@link #open(List, int)}, with settings for its connections. */
  public static EtcdClient open(List<HostPort> addresses, int eventLoops, ClientSettings settings) {
    return new EtcdClient(new Endpoints(addresses, eventLoops, settings), false);
  }

  /** The endpoints, in the order given. */
  public List<Endpoint> endpoints() {
    return endpoints.all();
  }

  /**
   * Makes a call. The future fails with a {@link RequestFailed}. Its dependents run on an event
   * loop and must not block.
   *
   * @param timeout for one endpoint; a read may take this time at each endpoint
   */
  public <Q, A> CompletableFuture<A> call(
      MethodDescriptor<Q, A> method, Q request, Duration timeout) {
    int bytesMax = endpoints.settings().sendBytesMax();
    if (request instanceof MessageLite message && message.getSerializedSize() > bytesMax) {
      return CompletableFuture.failedFuture(
          RequestFailed.tooLarge(message.getSerializedSize(), bytesMax));
    }
    WriteNames.Name name = names != null && WriteNames.canBeNamed(method) ? names.take() : null;
    Asking<Q, A> asking = new Asking<>(method, request, timeout, endpoints.all().size(), name);
    asking.ask(asking.at);
    return asking.done;
  }

  /** As {@link #call}, at one endpoint and without repetition. */
  public <Q, A> CompletableFuture<A> callAt(
      Endpoint endpoint, MethodDescriptor<Q, A> method, Q request, Duration timeout) {
    Asking<Q, A> asking = new Asking<>(method, request, timeout, 1, null);
    asking.ask(endpoint);
    return asking.done;
  }

  /**
   * Makes a server-streaming call at the endpoint that answered last. Answers are requested one by
   * one, so a slow reader holds the server back. For threads that may block.
   */
  public <Q, A> Answers<A> stream(MethodDescriptor<Q, A> method, Q request) {
    return endpoints.all().get(current).answers(method, request);
  }

  @Override
  public void close() {
    endpoints.close();
  }

  private Endpoint next(Endpoint failed) {
    List<Endpoint> all = endpoints.all();
    int at = (all.indexOf(failed) + 1) % all.size();
    current = at;
    return all.get(at);
  }

  /** One request on its way from endpoint to endpoint. */
  private final class Asking<Q, A> implements UnaryCall.Ending<A> {
    private final MethodDescriptor<Q, A> method;
    private final Q request;
    private final Duration timeout;
    private final CompletableFuture<A> done = new CompletableFuture<>();
    private WriteNames.@Nullable Name name;
    private final long deadlineNanos;
    private int triesLeft;
    private Endpoint at;
    private boolean maybeDone;
    private int renewals;

    /** The servers that failed last, all in the same way. */
    private final Set<HostPort> failing = new LinkedHashSet<>();

    private RequestFailed.@Nullable Kind failure;

    Asking(
        MethodDescriptor<Q, A> method,
        Q request,
        Duration timeout,
        int tries,
        WriteNames.@Nullable Name name) {
      this.method = method;
      this.request = request;
      this.timeout = timeout;
      this.triesLeft = tries;
      this.at = endpoints.all().get(current);
      this.deadlineNanos = System.nanoTime() + timeout.toNanos();
      this.name = name;
    }

    void ask(Endpoint endpoint) {
      at = endpoint;
      triesLeft--;
      Metadata headers = new Metadata();
      long nanos = timeout.toNanos();
      if (name != null) {
        name.addTo(headers);
        nanos = Math.max(1, deadlineNanos - System.nanoTime());
      }
      UnaryCall.make(endpoint, method, request, headers, nanos, this);
    }

    @Override
    public void answered(A answer) {
      release();
      done.complete(answer);
    }

    @Override
    public void failed(Status status, boolean sent) {
      if (takeNewName(status)) {
        ask(at);
        return;
      }
      noteFailure(status);
      maybeDone |= sent && isOpen(status.getCode());
      boolean unavailable = status.getCode() == Code.UNAVAILABLE;
      if (unavailable && triesLeft > 0 && (!maybeDone || READS.contains(method))) {
        ask(next(at));
      } else if (name != null && mayRepeat(status.getCode())) {
        repeat(status);
      } else {
        fail(status);
      }
    }

    private void noteFailure(Status status) {
      RequestFailed.Kind kind = RequestFailed.kind(status);
      if (kind != failure) {
        failing.clear();
        failure = kind;
      }
      failing.add(at.address());
    }

    /**
     * Takes a new name when the server has forgotten the old one. Returns whether the write can be
     * sent under the new name. The refused request did not perform the write; a new name is safe
     * only if no earlier request may have performed it.
     */
    private boolean takeNewName(Status status) {
      WriteNames.Name forgotten = name;
      if (forgotten == null || names == null || !WriteNames.isForgotten(status)) {
        return false;
      }
      forgotten.giveUp();
      if (maybeDone || renewals++ == RENEWALS_MAX) {
        return false;
      }
      forgotten.release();
      name = names.take();
      return true;
    }

    /** This client cancels no call, so CANCELLED means that a stopping server cut it off. */
    private boolean mayRepeat(Code code) {
      return (code == Code.UNAVAILABLE || code == Code.CANCELLED)
          && (maybeDone || endpoints.remember());
    }

    /** Sends a named write again. It may have been performed; servers perform it once. */
    private void repeat(Status status) {
      long pause = REPEAT_PAUSE_NANOS;
      if (deadlineNanos - System.nanoTime() <= pause) {
        fail(status);
        return;
      }
      Endpoint other = next(at);
      try {
        var _ =
            endpoints
                .loop()
                .schedule(() -> repeat(status, other), pause, TimeUnit.NANOSECONDS)
                .addListener(
                    paused -> {
                      if (paused.isCancelled()) {
                        fail(status); // this client is being closed
                      }
                    });
      } catch (RejectedExecutionException _) {
        fail(status); // it was closed
      }
    }

    private void repeat(Status status, Endpoint other) {
      if (!other.connected()) {
        other.connectNow();
      }
      if (endpoints.remember()) {
        ask(other);
        return;
      }
      at = other;
      Metadata question = new Metadata();
      WriteNames.ask(question);
      UnaryCall.make(
          other,
          MaintenanceGrpc.getStatusMethod(),
          StatusRequest.getDefaultInstance(),
          question,
          Math.max(1, deadlineNanos - System.nanoTime()),
          new UnaryCall.Ending<StatusResponse>() {
            @Override
            public void answered(StatusResponse answer) {
              if (endpoints.remember()) {
                ask(other);
              } else {
                fail(status);
              }
            }

            @Override
            public void failed(Status why, boolean sent) {
              repeat(status);
            }
          });
    }

    private void fail(Status status) {
      release();
      done.completeExceptionally(new RequestFailed(status, maybeDone, List.copyOf(failing)));
    }

    private void release() {
      if (name != null) {
        name.release();
      }
    }
  }

  /** Whether a request that ended with this code may have been performed. */
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
