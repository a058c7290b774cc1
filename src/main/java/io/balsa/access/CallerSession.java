package io.balsa.access;

import io.balsa.model.Caller;
import io.balsa.model.Span;
import io.grpc.Context;
import io.grpc.Status;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Who calls, for the life of a call. A stream asks again for each of its messages, because its
 * token may end meanwhile.
 */
public final class CallerSession {
  private static final Context.Key<CallerSession> CURRENT = Context.key("session");
  private static final CallerSession NOBODY =
      new CallerSession("", "", "none", () -> Caller.nobody(1));

  private final String source;
  private final String client;
  private final String identity;
  private final Supplier<Caller> caller;
  private final Predicate<Caller> rate;
  private final Watched trail;

  private CallerSession(
      String source,
      String client,
      String identity,
      Supplier<Caller> caller,
      Predicate<Caller> rate,
      Watched trail) {
    this.source = source;
    this.client = client;
    this.identity = identity;
    this.caller = caller;
    this.rate = rate;
    this.trail = trail;
  }

  /** A session whose messages have no rate, and whose watches are not recorded. */
  CallerSession(String source, String client, String identity, Supplier<Caller> caller) {
    this(source, client, identity, caller, _ -> true, (_, _, _) -> {});
  }

  /** Records the watches of a stream. */
  @FunctionalInterface
  interface Watched {
    void record(String user, Span span, Status status);
  }

  /** The same session with a rate for its messages. */
  CallerSession limited(Predicate<Caller> newRate) {
    return new CallerSession(source, client, identity, caller, newRate, trail);
  }

  /** The same session whose watches are recorded. */
  CallerSession recording(Watched newTrail) {
    return new CallerSession(source, client, identity, caller, rate, newTrail);
  }

  /**
   * Records a watch in the audit trail, if there is one. Returns at once. Any thread may call it.
   *
   * @param user the name of the user; empty for none
   * @param status OK, or why the user may not read the keys
   */
  public void watched(String user, Span span, Status status) {
    trail.record(user, span, status);
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
   * @throws io.grpc.StatusRuntimeException UNAUTHENTICATED if the call's token is unknown or has
   *     ended
   */
  public Caller caller() {
    return caller.get();
  }
}
