package io.balsa.access;

import io.balsa.audit.AuditLevel;
import io.balsa.audit.AuditLog;
import io.balsa.auth.AuthState;
import io.balsa.auth.Judge;
import io.balsa.errors.EtcdError;
import io.balsa.model.Caller;
import io.balsa.model.KvError;
import io.balsa.node.Node;
import io.balsa.rpc.CallHeaders;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Every call passes here first. While users are in force, a call is refused if its token is none,
 * or if {@link Rights} refuses it. A service finds the caller in {@link CallerSession#current}.
 *
 * <p>A stream of requests is judged message by message instead, because etcd answers its messages.
 */
public final class AccessGate implements ServerInterceptor {
  /** Sent by etcd's gateway, which comes with a certificate of its own. */
  private static final Metadata.Key<String> GATEWAY = CallHeaders.text("grpcgateway-accept");

  private static final Caller NOBODY = Caller.nobody(1);

  private final Node node;
  private final Identities identities;
  private final Function<ServerCall<?, ?>, @Nullable String> commonNames;
  private final AuditLog audit;
  private final UserRates rates;

  AccessGate(
      Node node,
      Identities identities,
      Function<ServerCall<?, ?>, @Nullable String> commonNames,
      AuditLog audit,
      UserRates rates) {
    this.node = node;
    this.identities = identities;
    this.commonNames = commonNames;
    this.audit = audit;
    this.rates = rates;
  }

  /** How many requests were refused because their users sent too many. */
  public long refusedByRate() {
    return rates.refused();
  }

  /** How many calls were refused because too many waited until their token is known. */
  public static long refusedWaiting() {
    return WaitingCall.refused();
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata metadata, ServerCallHandler<Q, A> next) {
    if (audit.level() == AuditLevel.NONE) {
      return admit(call, metadata, next);
    }
    AuditedCall<Q, A> audited = new AuditedCall<>(call, metadata, audit);
    return audited.listening(admit(audited, metadata, next));
  }

  private static CallerSession recorded(ServerCall<?, ?> call, CallerSession session) {
    if (call instanceof AuditedCall<?, ?> audited) {
      audited.from(session);
      return session.recording(audited);
    }
    return session;
  }

  private <Q, A> ServerCall.Listener<Q> admit(
      ServerCall<Q, A> call, Metadata metadata, ServerCallHandler<Q, A> next) {
    Right right = Rights.of(call.getMethodDescriptor());
    if (right == null) {
      return refuse(call, EtcdError.DENIED.status());
    }
    boolean unary = call.getMethodDescriptor().getType() == MethodType.UNARY;
    boolean plain = unary && right != Right.OPEN && !(call instanceof AuditedCall);
    if (plain && !node.auth().enabled()) {
      return isWithinRate(call, NOBODY)
          ? next.startCall(call, metadata)
          : refuse(call, rates.refusal());
    }
    String token = Identities.token(metadata);
    CallerSession session =
        counted(
            call,
            metadata,
            recorded(call, identities.session(call, metadata, token, commonName(call, metadata))));
    long awaited = right == Right.OPEN ? 0 : identities.awaited(token);
    return awaited == 0
        ? begin(call, metadata, next, right, session)
        : WaitingCall.begin(
            call, node::whenApplied, awaited, () -> begin(call, metadata, next, right, session));
  }

  /**
   * The common name in the certificate of the caller. A call that passed a proxy comes with the
   * proxy's certificate, whose name must not become the user of everybody behind the proxy.
   */
  private @Nullable String commonName(ServerCall<?, ?> call, Metadata metadata) {
    boolean passedOn =
        metadata.containsKey(CallHeaders.PROXY_HOPS) || metadata.containsKey(GATEWAY);
    return passedOn ? null : commonNames.apply(call);
  }

  private <Q, A> ServerCall.Listener<Q> begin(
      ServerCall<Q, A> call,
      Metadata metadata,
      ServerCallHandler<Q, A> next,
      Right right,
      CallerSession session) {
    MethodDescriptor<Q, A> method = call.getMethodDescriptor();
    if (right == Right.OPEN || method.getType() == MethodType.BIDI_STREAMING) {
      CallerSession its =
          rates.areLimited()
              ? session.limited(caller -> isWithinRateOrCount(call, caller))
              : session;
      return Contexts.interceptCall(its.inContext(), call, metadata, next);
    }
    try {
      Caller caller = session.caller();
      if (!isWithinRate(call, caller)) {
        return refuse(call, rates.refusal());
      }
      KvError error = refusal(right, node.auth(), caller);
      return error == null
          ? Contexts.interceptCall(session.fixed(caller).inContext(), call, metadata, next)
          : refuse(call, EtcdError.of(error).status());
    } catch (StatusRuntimeException e) {
      return refuse(call, e.getStatus());
    }
  }

  /**
   * A bad token counts for the rate of its source, because its check costs time. The clients of a
   * proxy are one source; they must learn that their own token has ended.
   */
  private CallerSession counted(ServerCall<?, ?> call, Metadata metadata, CallerSession session) {
    if (!rates.areLimited() || metadata.containsKey(CallHeaders.PROXY_HOPS)) {
      return session;
    }
    Object source = UserRates.sourceOf(call);
    return session.failing(
        refused -> rates.admits(source) ? refused : rates.refusal().asRuntimeException());
  }

  /** Whether a user's rate allows one more request of this RPC; root has no rate. */
  private boolean isWithinRate(ServerCall<?, ?> call, Caller caller) {
    if (!rates.areLimited() || !Rights.isRated(call.getMethodDescriptor())) {
      return true;
    }
    AuthState auth = node.auth();
    boolean known = auth.enabled() && !caller.user().isEmpty();
    return rates.admits(known ? caller.user() : UserRates.sourceOf(call))
        || (known && Judge.root(auth, caller) == null);
  }

  private boolean isWithinRateOrCount(ServerCall<?, ?> call, Caller caller) {
    boolean within = isWithinRate(call, caller);
    if (!within) {
      var _ = rates.refusal();
    }
    return within;
  }

  private static @Nullable KvError refusal(Right right, AuthState auth, Caller caller) {
    return switch (right) {
      case OPEN, TOKEN_OR_NONE -> null;
      case JUDGED_LATER -> auth.enabled() && caller.user().isEmpty() ? KvError.USER_EMPTY : null;
      case LOGGED_IN -> Judge.loggedIn(auth, caller);
      case ROOT -> Judge.root(auth, caller);
    };
  }

  /** A call that is recorded is refused when its request is there, so that its keys are known. */
  private static <Q> ServerCall.Listener<Q> refuse(ServerCall<Q, ?> call, Status status) {
    boolean late =
        call instanceof AuditedCall && call.getMethodDescriptor().getType() == MethodType.UNARY;
    if (!late) {
      call.close(status, new Metadata());
      return new ServerCall.Listener<>() {};
    }
    call.request(2);
    return new ServerCall.Listener<>() {
      @Override
      public void onHalfClose() {
        call.close(status, new Metadata());
      }
    };
  }
}
