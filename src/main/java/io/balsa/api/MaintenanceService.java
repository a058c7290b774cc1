package io.balsa.api;

import io.balsa.access.CallerSession;
import io.balsa.auth.Judge;
import io.balsa.errors.EtcdError;
import io.balsa.errors.Unimplemented;
import io.balsa.model.Alarm;
import io.balsa.model.Command;
import io.balsa.model.HashKv;
import io.balsa.model.KvError;
import io.balsa.model.Result;
import io.balsa.node.Node;
import io.balsa.node.NodeStatus;
import io.balsa.proto.etcdserverpb.AlarmRequest;
import io.balsa.proto.etcdserverpb.AlarmResponse;
import io.balsa.proto.etcdserverpb.AlarmType;
import io.balsa.proto.etcdserverpb.DefragmentRequest;
import io.balsa.proto.etcdserverpb.DefragmentResponse;
import io.balsa.proto.etcdserverpb.DowngradeInfo;
import io.balsa.proto.etcdserverpb.DowngradeRequest;
import io.balsa.proto.etcdserverpb.DowngradeResponse;
import io.balsa.proto.etcdserverpb.HashKVRequest;
import io.balsa.proto.etcdserverpb.HashKVResponse;
import io.balsa.proto.etcdserverpb.HashRequest;
import io.balsa.proto.etcdserverpb.HashResponse;
import io.balsa.proto.etcdserverpb.MaintenanceGrpc;
import io.balsa.proto.etcdserverpb.MoveLeaderRequest;
import io.balsa.proto.etcdserverpb.MoveLeaderResponse;
import io.balsa.proto.etcdserverpb.SnapshotRequest;
import io.balsa.proto.etcdserverpb.SnapshotResponse;
import io.balsa.proto.etcdserverpb.StatusRequest;
import io.balsa.proto.etcdserverpb.StatusResponse;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** etcd's Maintenance. */
final class MaintenanceService extends MaintenanceGrpc.MaintenanceImplBase {
  private final Node node;
  private final ToProto toProto;
  private final long quotaBytes;
  private final Supplier<List<String>> troubles;

  /**
   * @param quotaBytes the store's quota, to be shown; 0 for none
   * @param troubles lines that {@code Status} shows beside alarms
   */
  MaintenanceService(Node node, ToProto toProto, long quotaBytes, Supplier<List<String>> troubles) {
    this.node = node;
    this.toProto = toProto;
    this.quotaBytes = quotaBytes;
    this.troubles = troubles;
  }

  @Override
  public void status(StatusRequest request, StreamObserver<StatusResponse> observer) {
    NodeStatus status = node.status();
    StatusResponse.Builder response =
        StatusResponse.newBuilder()
            .setHeader(toProto.header(status.revision(), status.term()))
            .setVersion(EtcdVersion.SERVER)
            .setStorageVersion(EtcdVersion.STORAGE)
            .setDbSize(status.databaseBytes())
            .setDbSizeInUse(status.bytesInUse())
            .setDbSizeQuota(quotaBytes)
            .setLeader(status.leader())
            .setRaftIndex(status.commitIndex())
            .setRaftTerm(status.term())
            .setRaftAppliedIndex(status.applied())
            .setIsLearner(status.learner())
            .setDowngradeInfo(DowngradeInfo.getDefaultInstance());
    if (status.leader() == 0) {
      response.addErrors("etcdserver: no leader");
    }
    status.alarms().forEach(alarm -> response.addErrors(text(alarm)));
    response.addAllErrors(troubles.get());
    Reply.send(observer, response.build());
  }

  /** etcd's text of an alarm, which ends with a space. */
  private static String text(Alarm alarm) {
    String member = Long.toUnsignedString(alarm.member());
    return "memberID:" + member + " alarm:" + ToProto.type(alarm.kind()) + " ";
  }

  @Override
  public void alarm(AlarmRequest request, StreamObserver<AlarmResponse> observer) {
    Alarm.Kind kind = kind(request.getAlarm());
    if (request.getAction() != AlarmRequest.AlarmAction.GET) {
      KvError denied = Judge.root(node.auth(), CallerSession.current().caller());
      if (denied != null) {
        observer.onError(EtcdError.of(denied).exception());
        return;
      }
    }
    switch (request.getAction()) {
      case GET ->
          node.barrier(
              Reply.to(observer, Result.Done.class, (done, term) -> raised(kind, done, term)));
      case ACTIVATE -> set(request, kind, true, observer);
      case DEACTIVATE -> set(request, kind, false, observer);
      case UNRECOGNIZED -> none(observer);
    }
  }

  private static Alarm.@Nullable Kind kind(AlarmType type) {
    return switch (type) {
      case NOSPACE -> Alarm.Kind.NOSPACE;
      case CORRUPT -> Alarm.Kind.CORRUPT;
      case NONE, UNRECOGNIZED -> null;
    };
  }

  private AlarmResponse raised(Alarm.@Nullable Kind kind, Result.Done done, long term) {
    List<Alarm> alarms =
        node.status().alarms().stream()
            .filter(alarm -> kind == null || alarm.kind() == kind)
            .toList();
    return toProto.alarms(new Result.Alarms(done.revision(), alarms), term);
  }

  private void set(
      AlarmRequest request,
      Alarm.@Nullable Kind kind,
      boolean active,
      StreamObserver<AlarmResponse> observer) {
    if (kind == null) {
      none(observer);
    } else {
      Alarm alarm = new Alarm(request.getMemberID(), kind);
      node.propose(
          CallerSession.current().caller(),
          new Command.SetAlarm(alarm, active),
          Reply.to(observer, Result.Alarms.class, toProto::alarms));
    }
  }

  private void none(StreamObserver<AlarmResponse> observer) {
    NodeStatus status = node.status();
    Reply.send(
        observer, toProto.alarms(new Result.Alarms(status.revision(), List.of()), status.term()));
  }

  /** Succeeds at once, because the store frees space by itself. etcd's answer has no header. */
  @Override
  public void defragment(DefragmentRequest request, StreamObserver<DefragmentResponse> observer) {
    Reply.send(observer, DefragmentResponse.getDefaultInstance());
  }

  @Override
  public void hash(HashRequest request, StreamObserver<HashResponse> observer) {
    Reply.allowCancel(observer);
    node.hashKv(
        0,
        CallRoom.current(),
        hash -> {
          HashResponse.Builder response = HashResponse.newBuilder().setHash(hash.hash());
          response.setHeader(toProto.header(hash.outcome().revision(), node.status().term()));
          answer(observer, hash, response.build());
        },
        failure -> observer.onError(EtcdError.of(failure).exception()));
  }

  @Override
  public void hashKV(HashKVRequest request, StreamObserver<HashKVResponse> observer) {
    Reply.allowCancel(observer);
    node.hashKv(
        request.getRevision(),
        CallRoom.current(),
        hash -> {
          HashKVResponse.Builder response =
              HashKVResponse.newBuilder()
                  .setHeader(toProto.header(hash.outcome().revision(), node.status().term()))
                  .setHash(hash.hash())
                  .setHashRevision(hash.hashRevision())
                  .setCompactRevision(hash.compactRevision());
          answer(observer, hash, response.build());
        },
        failure -> observer.onError(EtcdError.of(failure).exception()));
  }

  private static <A> void answer(StreamObserver<A> observer, HashKv hash, A response) {
    if (hash.outcome() instanceof Result.Refused refused) {
      observer.onError(EtcdError.of(refused.error()).exception());
    } else {
      Reply.send(observer, response);
    }
  }

  @Override
  public void moveLeader(MoveLeaderRequest request, StreamObserver<MoveLeaderResponse> observer) {
    NodeStatus status = node.status();
    if (status.leader() != node.memberId()) {
      observer.onError(EtcdError.NOT_LEADER.exception());
    } else if (request.getTargetID() == 0) {
      observer.onError(EtcdError.BAD_TRANSFEREE.exception());
    } else {
      node.moveLeader(
          request.getTargetID(),
          Reply.to(observer, Result.Done.class, (_, _) -> MoveLeaderResponse.getDefaultInstance()));
    }
  }

  @Override
  public void snapshot(SnapshotRequest request, StreamObserver<SnapshotResponse> observer) {
    try {
      CallRoom.current().admitMuch();
    } catch (StatusRuntimeException e) {
      observer.onError(e);
      return;
    }
    SnapshotStream.begin(
        node,
        CallerSession.current().caller(),
        (ServerCallStreamObserver<SnapshotResponse>) observer);
  }

  @Override
  public void downgrade(DowngradeRequest request, StreamObserver<DowngradeResponse> observer) {
    switch (request.getAction()) {
      case VALIDATE -> {
        EtcdError error = EtcdVersion.downgradeRefusal(request.getVersion());
        if (error != null) {
          observer.onError(error.exception());
        } else {
          node.barrier(Reply.to(observer, Result.Done.class, this::downgrade));
        }
      }
      // as etcd 3.7, which only logs that there is nothing to cancel
      case CANCEL -> node.barrier(Reply.to(observer, Result.Done.class, this::downgrade));
      case ENABLE, UNRECOGNIZED -> observer.onError(Unimplemented.error("downgrades are", ""));
    }
  }

  private DowngradeResponse downgrade(Result.Done done, long term) {
    return DowngradeResponse.newBuilder()
        .setHeader(toProto.header(done.revision(), term))
        .setVersion(EtcdVersion.CLUSTER)
        .build();
  }
}
