package io.balsa.access;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.balsa.audit.AuditLevel;
import io.balsa.audit.AuditLog;
import io.balsa.audit.AuditRecord;
import io.balsa.errors.EtcdError;
import io.balsa.model.Span;
import io.balsa.proto.etcdserverpb.DeleteRangeResponse;
import io.balsa.proto.etcdserverpb.PutResponse;
import io.balsa.proto.etcdserverpb.ResponseHeader;
import io.balsa.proto.etcdserverpb.TxnResponse;
import io.balsa.rpc.WriteHeaders;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A call that the audit trail records when it ends. */
final class AuditedCall<Q, A> extends SimpleForwardingServerCall<Q, A>
    implements CallerSession.Trail {
  private final AuditLog log;
  private final String write;
  private volatile AuditSubject subject = AuditSubject.NONE;
  private volatile String user = "";
  private volatile String identity = "none";
  private volatile String source = "";
  private volatile long revision;
  private boolean over;

  AuditedCall(ServerCall<Q, A> call, Metadata metadata, AuditLog log) {
    super(call);
    this.log = log;
    String client = metadata.get(WriteHeaders.CLIENT);
    String sequence = metadata.get(WriteHeaders.SEQUENCE);
    boolean named = client != null && sequence != null;
    this.write = named && isShort(client) && isShort(sequence) ? client + "/" + sequence : "";
  }

  /** A number has twenty digits at most; another text is refused later. */
  private static boolean isShort(@Nullable String number) {
    return number != null && number.length() <= 20;
  }

  /** How the caller shows who it is, before that is judged. */
  void from(CallerSession session) {
    identity = session.identity();
    source = session.source();
  }

  @Override
  public void by(String name) {
    user = name;
  }

  @Override
  public void renewing(long lease) {
    subject = AuditSubject.renewal(lease);
  }

  /** Records a watch of a stream: the call itself has no keys. */
  @Override
  public void watched(String name, Span span, Status status) {
    if (log.level().has(isDenial(status) ? AuditLevel.DENIALS : AuditLevel.ALL)) {
      add(name, List.of(AuditSubject.keys(span)), "", status, 0);
    }
  }

  /** The listener that sees the request. */
  ServerCall.Listener<Q> listening(ServerCall.Listener<Q> next) {
    return new SimpleForwardingServerCallListener<>(next) {
      @Override
      public void onMessage(Q request) {
        subject = AuditSubject.of(request);
        super.onMessage(request);
      }

      @Override
      public void onCancel() {
        record(Status.CANCELLED);
        super.onCancel();
      }
    };
  }

  @Override
  public void sendMessage(A answer) {
    revision = revisionOf(answer);
    super.sendMessage(answer);
  }

  private static long revisionOf(Object answer) {
    return switch (answer) {
      case PutResponse put -> put.getHeader().getRevision();
      case TxnResponse txn -> txn.getHeader().getRevision();
      case DeleteRangeResponse delete -> delete.getHeader().getRevision();
      case Message other -> header(other);
      default -> 0;
    };
  }

  private static long header(Message answer) {
    FieldDescriptor field = answer.getDescriptorForType().findFieldByName("header");
    return field != null && answer.getField(field) instanceof ResponseHeader header
        ? header.getRevision()
        : 0;
  }

  @Override
  public void close(Status status, Metadata trailers) {
    record(status);
    super.close(status, trailers);
  }

  private void record(Status status) {
    synchronized (this) {
      if (over) {
        return;
      }
      over = true;
    }
    if (log.level().has(levelOf(status))) {
      add(user, subject.keys(), subject.text(), status, status.isOk() ? revision : 0);
    }
  }

  private void add(
      String name, List<AuditRecord.Keys> keys, String text, Status status, long atRevision) {
    if (!name.isEmpty() || !isRefused(status)) {
      log.add(recorded(name, keys, text, status, atRevision));
    } else if (log.admitsStranger(source)) {
      log.addOfStranger(recorded(name, keys, text, status, atRevision));
    }
  }

  /** Whether nothing was done: such a call without a user may be one of a flood. */
  private boolean isRefused(Status status) {
    return isDenial(status)
        || status.getCode() == Status.Code.RESOURCE_EXHAUSTED
        || (Rights.isLogin(getMethodDescriptor()) && !status.isOk());
  }

  private AuditRecord recorded(
      String name, List<AuditRecord.Keys> keys, String text, Status status, long atRevision) {
    return new AuditRecord(
        log.nextSequence(),
        Instant.now(),
        name,
        identity,
        source,
        Rights.shortName(getMethodDescriptor()),
        keys,
        text,
        status.getCode().name(),
        Objects.requireNonNullElse(status.getDescription(), ""),
        atRevision,
        write);
  }

  private AuditLevel levelOf(Status status) {
    if (isDenial(status)) {
      return AuditLevel.DENIALS;
    }
    return subject.changes() || Rights.isSensitive(getMethodDescriptor())
        ? AuditLevel.WRITES
        : AuditLevel.ALL;
  }

  /** Whether a call failed because of who asked. */
  static boolean isDenial(Status status) {
    return switch (status.getCode()) {
      case PERMISSION_DENIED, UNAUTHENTICATED -> true;
      // locks and elections give the texts with another code
      case INVALID_ARGUMENT, UNKNOWN ->
          isOf(status, EtcdError.EMPTY_USER_NAME)
              || isOf(status, EtcdError.AUTH_FAILED)
              || isOf(status, EtcdError.AUTH_OLD_REVISION)
              || isOf(status, EtcdError.DENIED);
      default -> false;
    };
  }

  private static boolean isOf(Status status, EtcdError error) {
    return Objects.equals(status.getDescription(), error.status().getDescription());
  }
}
