package io.balsa.client;

import com.google.protobuf.ByteString;
import io.balsa.bytes.HostPort;
import io.balsa.proto.etcdserverpb.ClusterGrpc;
import io.balsa.proto.etcdserverpb.KVGrpc;
import io.balsa.proto.etcdserverpb.MaintenanceGrpc;
import io.balsa.proto.etcdserverpb.MemberListRequest;
import io.balsa.proto.etcdserverpb.MemberListResponse;
import io.balsa.proto.etcdserverpb.MoveLeaderRequest;
import io.balsa.proto.etcdserverpb.MoveLeaderResponse;
import io.balsa.proto.etcdserverpb.PutRequest;
import io.balsa.proto.etcdserverpb.PutResponse;
import io.balsa.proto.etcdserverpb.RangeRequest;
import io.balsa.proto.etcdserverpb.RangeResponse;
import io.balsa.proto.etcdserverpb.SnapshotRequest;
import io.balsa.proto.etcdserverpb.SnapshotResponse;
import io.balsa.proto.etcdserverpb.StatusRequest;
import io.balsa.proto.etcdserverpb.StatusResponse;
import io.balsa.proto.etcdserverpb.TxnRequest;
import io.balsa.proto.etcdserverpb.TxnResponse;
import io.balsa.proto.etcdserverpb.WatchGrpc;
import io.balsa.proto.etcdserverpb.WatchRequest;
import io.balsa.proto.etcdserverpb.WatchResponse;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A server of a {@link ScriptedCluster}, with real gRPC. The test sets how it behaves. */
public final class ScriptedServer {
  /** What the server does with requests of clients other than Status and MemberList. */
  public enum Behaviour {
    ANSWERS,
    /** Takes a request and ends. */
    DIES,
    /** Takes all requests and answers none, not even Status. */
    HANGS,
    /** Answers that it cannot serve. */
    UNAVAILABLE,
    /** Answers that the user of the call may not do it. */
    DENIES
  }

  private final ScriptedCluster cluster;
  private final long id;
  private final List<String> arrivals = new CopyOnWriteArrayList<>();
  private final List<Metadata> headers = new CopyOnWriteArrayList<>();
  private volatile Behaviour behaviour = Behaviour.ANSWERS;
  private volatile boolean cutOff;
  private volatile long behind;
  private volatile boolean progressLate;
  private volatile @Nullable Status refusal;
  private @Nullable EventLoopGroup group;
  private int port;

  private ScriptedServer(ScriptedCluster cluster, long id) {
    this.cluster = cluster;
    this.id = id;
  }

  static ScriptedServer start(ScriptedCluster cluster, long id) throws IOException {
    ScriptedServer started = new ScriptedServer(cluster, id);
    started.restart();
    return started;
  }

  /** Starts the server, at the same port as before. */
  public void restart() throws IOException {
    behaviour = Behaviour.ANSWERS;
    EventLoopGroup own = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    Server started =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
            .directExecutor()
            .bossEventLoopGroup(own)
            .workerEventLoopGroup(own)
            .channelType(NioServerSocketChannel.class)
            .permitKeepAliveTime(1, TimeUnit.SECONDS)
            .intercept(new HeaderKeeper())
            .addService(new Kv())
            .addService(new Maintenance())
            .addService(new Members())
            .addService(new Watching())
            .build()
            .start();
    port = started.getPort();
    group = own;
  }

  /** Ends the server as a killed process ends: its connections break. */
  public void kill() {
    EventLoopGroup dying = group;
    if (dying != null) {
      group = null;
      // without a quiet period a loop may end before it has closed its connections
      dying.shutdownGracefully(1, 1_000, TimeUnit.MILLISECONDS).awaitUninterruptibly();
    }
  }

  public long id() {
    return id;
  }

  public HostPort address() {
    return new HostPort("127.0.0.1", port);
  }

  public void behave(Behaviour behaviour) {
    this.behaviour = behaviour;
  }

  /** Makes the server say that it knows no leader. */
  public void cutOff(boolean itIs) {
    cutOff = itIs;
  }

  /**
   * Makes the server refuse Status and MemberList, as etcd does to a client without a user.
   *
   * @param why null to answer again
   */
  public void refuseToTell(@Nullable Status why) {
    refusal = why;
  }

  /** Sets how many committed entries the server has not applied. */
  public void behind(long entries) {
    behind = entries;
  }

  /**
   * Makes the server send a requested progress notification only right before its next answer to a
   * creation.
   */
  public void tellProgressLate() {
    progressLate = true;
  }

  /** The clients' requests in the order of their arrival, such as {@code put k}. */
  public List<String> arrivals() {
    return arrivals;
  }

  /** The headers of all requests. */
  public List<Metadata> headers() {
    return headers;
  }

  private <A> void take(String request, StreamObserver<A> answers, Runnable answer) {
    arrivals.add(request);
    switch (behaviour) {
      case ANSWERS -> answer.run();
      case DIES -> Thread.ofPlatform().start(this::kill);
      case HANGS -> {}
      case UNAVAILABLE -> answers.onError(unavailable());
      case DENIES ->
          answers.onError(
              Status.PERMISSION_DENIED
                  .withDescription("etcdserver: permission denied")
                  .asRuntimeException());
    }
  }

  private static RuntimeException unavailable() {
    return Status.UNAVAILABLE.withDescription("etcdserver: leader changed").asRuntimeException();
  }

  private <A> void answer(StreamObserver<A> answers, A answer) {
    answers.onNext(answer);
    answers.onCompleted();
  }

  private final class HeaderKeeper implements ServerInterceptor {
    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
        ServerCall<Q, A> call, Metadata sent, ServerCallHandler<Q, A> next) {
      headers.add(sent);
      return next.startCall(call, sent);
    }
  }

  private final class Kv extends KVGrpc.KVImplBase {
    @Override
    public void range(RangeRequest request, StreamObserver<RangeResponse> answers) {
      take(
          "range " + request.getKey().toStringUtf8(),
          answers,
          () -> answer(answers, RangeResponse.newBuilder().setHeader(cluster.header(id)).build()));
    }

    @Override
    public void put(PutRequest request, StreamObserver<PutResponse> answers) {
      take(
          "put " + request.getKey().toStringUtf8(),
          answers,
          () -> {
            cluster.nextRevision();
            answer(answers, PutResponse.newBuilder().setHeader(cluster.header(id)).build());
          });
    }

    @Override
    public void txn(TxnRequest request, StreamObserver<TxnResponse> answers) {
      take(
          "txn",
          answers,
          () -> answer(answers, TxnResponse.newBuilder().setHeader(cluster.header(id)).build()));
    }
  }

  private final class Maintenance extends MaintenanceGrpc.MaintenanceImplBase {
    @Override
    public void status(StatusRequest request, StreamObserver<StatusResponse> answers) {
      Status refused = refusal;
      if (refused != null) {
        answers.onError(refused.asRuntimeException());
      } else if (behaviour != Behaviour.HANGS) {
        answer(
            answers,
            StatusResponse.newBuilder()
                .setHeader(cluster.header(id))
                .setLeader(cutOff ? 0 : cluster.leader())
                .setRaftIndex(cluster.commitIndex())
                .setRaftAppliedIndex(cluster.commitIndex() - behind)
                .setVersion("3.7.3")
                .setRaftTerm(cluster.term())
                .build());
      }
    }

    @Override
    public void moveLeader(MoveLeaderRequest request, StreamObserver<MoveLeaderResponse> answers) {
      arrivals.add("move");
      if (cluster.leader() == id) {
        cluster.lead(request.getTargetID());
        answer(answers, MoveLeaderResponse.getDefaultInstance());
      } else {
        answers.onError(
            Status.FAILED_PRECONDITION
                .withDescription("etcdserver: not leader")
                .asRuntimeException());
      }
    }

    /** Sends 1,000 blobs of 64 KiB, as fast as the client takes them. */
    @Override
    public void snapshot(SnapshotRequest request, StreamObserver<SnapshotResponse> answers) {
      ServerCallStreamObserver<SnapshotResponse> stream =
          (ServerCallStreamObserver<SnapshotResponse>) answers;
      AtomicInteger sent = new AtomicInteger();
      ByteString blob = ByteString.copyFrom(new byte[1 << 16]);
      stream.setOnReadyHandler(
          () -> {
            while (stream.isReady() && sent.get() < 1_000) {
              sent.incrementAndGet();
              arrivals.add("blob");
              stream.onNext(SnapshotResponse.newBuilder().setBlob(blob).build());
              if (sent.get() == 1_000) {
                stream.onCompleted();
              }
            }
          });
    }
  }

  private final class Members extends ClusterGrpc.ClusterImplBase {
    @Override
    public void memberList(MemberListRequest request, StreamObserver<MemberListResponse> answers) {
      Status refused = refusal;
      if (refused != null) {
        answers.onError(refused.asRuntimeException());
      } else if (behaviour != Behaviour.HANGS) {
        answer(
            answers,
            MemberListResponse.newBuilder()
                .setHeader(cluster.header(id))
                .addAllMembers(cluster.members())
                .build());
      }
    }
  }

  private final class Watching extends WatchGrpc.WatchImplBase {
    @Override
    public StreamObserver<WatchRequest> watch(StreamObserver<WatchResponse> answers) {
      return new WatchStream(answers);
    }
  }

  /** Answers {@code created} to every creation, with the requested id. */
  private final class WatchStream implements StreamObserver<WatchRequest> {
    private static final long WHOLE_STREAM = -1;

    private final StreamObserver<WatchResponse> answers;
    private int progressOwed;

    WatchStream(StreamObserver<WatchResponse> answers) {
      this.answers = answers;
    }

    @Override
    public void onNext(WatchRequest request) {
      if (request.hasCreateRequest()) {
        long watch = request.getCreateRequest().getWatchId();
        progressLate = false;
        tellProgress();
        take("watch", answers, () -> answers.onNext(answer(watch).setCreated(true).build()));
      } else if (request.hasProgressRequest()) {
        arrivals.add("progress");
        progressOwed++;
        tellProgress();
      } else if (request.hasCancelRequest()) {
        arrivals.add("cancel");
        long watch = request.getCancelRequest().getWatchId();
        answers.onNext(answer(watch).setCanceled(true).build());
      }
    }

    private void tellProgress() {
      while (!progressLate && progressOwed > 0) {
        progressOwed--;
        answers.onNext(answer(WHOLE_STREAM).build());
      }
    }

    private WatchResponse.Builder answer(long watch) {
      return WatchResponse.newBuilder().setHeader(cluster.header(id)).setWatchId(watch);
    }

    @Override
    public void onError(Throwable thrown) {
      arrivals.add("watch cancelled");
    }

    @Override
    public void onCompleted() {
      answers.onCompleted();
    }
  }
}
