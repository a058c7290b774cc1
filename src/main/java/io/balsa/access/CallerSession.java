package io.balsa.access;

import io.balsa.model.Caller;
import io.balsa.model.Span;
import io.grpc.Context;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Who calls, for the life of a call. A stream asks again for each of its messages, because its
 * token may end meanwhile.
 */
public final class CallerSession {
  private static final Context.Key<CallerSession> CURRENT = Context.key("session");
  private static final Trail NO_TRAIL =
      new Trail() {
        @Override
        public void by(String user) {}

        @Override
        public void renewing(long lease) {}

        @Override
        public void watched(String user, Span span, Status status) {}
      };
  private static final CallerSession NOBODY =
      new CallerSession("", "", "none", () -> Caller.nobody(1));

  private final String source;
  private final String client;
  private final String identity;
  private final Supplier<Caller> caller;
  private final Predicate<Caller> rate;
  private final Trail trail;

  private CallerSession(
      String source,
      String client,
      String identity,
      Supplier<Caller> caller,
      Predicate<Caller> rate,
      Trail trail) {
    this.source = source;
    this.client = client;
    this.identity = identity;
    this.caller = caller;
    this.rate = rate;
    this.trail = trail;
  }

  /** A session whose messages have no rate, and whose watches are not recorded. */
  CallerSession(String source, String client, String identity, Supplier<Caller> caller) {
    this(source, client, identity, caller, _ -> true, NO_TRAIL);
  }

  /** What the audit trail is told beside the call itself. Any thread may call it. */
  interface Trail {
    /** Who calls, as found out; a stream says so for each message. */
    void by(String user);

    /** The lease whose renewal ends a stream. */
    void renewing(long lease);

    /** A watch of a stream. */
    void watched(String user, Span span, Status status);
  }

  /** The same session with a rate for its messages. */
  CallerSession limited(Predicate<Caller> newRate) {
    return new CallerSession(source, client, identity, caller, newRate, trail);
  }

  /** The same session of a call that is recorded. */
  CallerSession recording(Trail newTrail) {
    Supplier<Caller> noted =
        () -> {
          Caller found = caller.get();
          newTrail.by(found.user());
          return found;
        };
    return new CallerSession(source, client, identity, noted, rate, newTrail);
  }

  /**
   * Records a watch in the audit trail, if there is one. Returns at once. Any thread may call it.
   *
   * @param user the name of the user; empty for none
   * @param status OK, or why the user may not read the keys
   */
  public void watched(String user, Span span, Status status) {
    trail.watched(user, span, status);
  }

  /** Tells the audit trail, if there is one, that a refused renewal of a lease ends the stream. */
  public void refusedRenewal(long lease) {
    trail.renewing(lease);
  }

  /** The same session with another failure when the call's token is unknown or has ended. */
  CallerSession failing(UnaryOperator<StatusRuntimeException> other) {
    Supplier<Caller> failing =
        () -> {
          try {
            return caller.get();
          } catch (StatusRuntimeException e) {
            throw other.apply(e);
          }
        };
    return new CallerSession(source, client, identity, failing, rate, trail);
  }

  /** The same session for a call that is judged once. */
  CallerSession fixed(Caller found) {
    return new CallerSession(source, client, identity, () -> found, rate, trail);
  }

  /**
   * The session of the current call. A call for which nobody has found out who calls is of a client
   * without identity.
   */
  public static CallerSession current() {
    @Nullable CallerSession session = CURRENT.get();
    return session == null ? NOBODY : session;
  }

  /** The present context, with this session as the current one. */
  Context inContext() {
    return Context.current().withValue(CURRENT, this);
  }

  /**
   * Counts one request in a stream.
   *
   * @return false if the caller sends more than {@code --limit-requests-per-user} allows
   */
  public boolean mayAsk(Caller found) {
    return rate.test(found);
  }

  /** How the caller shows who it is: {@code token}, {@code certificate} or {@code none}. */
  String identity() {
    return identity;
  }

  /** The address of the client without its port; empty when it is unknown. */
  public String source() {
    return source;
  }

  /**
   * The address for which a proxy calls, as the caller says; empty for none. Any program can say
   * it.
   */
  public String client() {
    return client;
  }

  /**
   * Who calls now.
   *
   * @throws StatusRuntimeException UNAUTHENTICATED if the call's token is unknown or has ended;
   *     RESOURCE_EXHAUSTED if too many such calls come from its source
   */
  public Caller caller() {
    return caller.get();
  }
}
