package io.balsa.proxy;

import io.balsa.bytes.Bytes;
import io.balsa.client.Endpoint;
import io.balsa.client.WriteNames;
import io.balsa.routing.RequestKind;
import io.balsa.routing.RetryRule;
import io.balsa.rpc.WriteHeaders;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.Status;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A client's unary call, from its request to its answer. The proxy may try it at several servers.
 *
 * <p>The client's events, a server's answers and the router's reports come on different threads.
 * The monitor guards which server has the call, and that the call ends once. No code blocks while
 * it holds the monitor.
 */
final class ProxiedCall extends ServerCall.Listener<Bytes> implements RoutedCall {
  /** A limit for servers that do not lead and do not say so. */
  private static final int TRIES_MAX = 20;

  private final Router router;
  private final ServerCall<Bytes, Bytes> client;
  private final Metadata headers;
  private final UnaryOperator<Bytes> rewriting;
  private final CallMemory room;
  private final long arrivedNanos = System.nanoTime();

  private RequestKind request = new RequestKind.LeaderOnly();
  private List<Endpoint> targets = List.of();
  private int nextTarget;
  private int tries;
  private int breaks;
  private volatile @Nullable Attempt attempt;
  private @Nullable Status failure;
  private WriteNames.@Nullable Name name;
  private volatile boolean maybeDone;
  private volatile boolean over;

  /**
   * @param rewriting edits the answer for the client
   */
  ProxiedCall(
      Router router,
      ServerCall<Bytes, Bytes> client,
      Metadata headers,
      UnaryOperator<Bytes> rewriting) {
    this.router = router;
    this.client = client;
    this.headers = headers;
    this.rewriting = rewriting;
    this.room = new CallMemory(router.requests());
    // one more than a client may send, so that gRPC sees a second one and ends the call
    client.request(2);
  }

  MethodDescriptor<Bytes, Bytes> method() {
    return client.getMethodDescriptor();
  }

  @Override
  public void onMessage(Bytes next) {
    if (!over && !room.takeRequest(next)) {
      router.metrics().refused("bytes");
      fail(ProxyErrors.TOO_MANY_BYTES);
    }
  }

  @Override
  public void onHalfClose() {
    if (!room.hasRequest()) {
      fail(ProxyErrors.NO_MESSAGE);
    }
    if (over) {
      return;
    }
    request = RequestParser.of(method(), room.request());
    if (isWrite() && !WriteNames.isNamed(headers)) {
      name = router.names().take();
    }
    dispatch();
  }

  private boolean isWrite() {
    return request instanceof RequestKind.LeaderOnly && WriteNames.canBeNamed(method());
  }

  /** Whether servers perform the write once, however often it is sent. */
  private boolean isRepeatable() {
    return isWrite() && (name != null || WriteNames.isNamed(headers)) && router.serversRemember();
  }

  @Override
  public void onCancel() {
    boolean first = endOnce();
    Attempt abandoned;
    synchronized (this) {
      abandoned = first ? attempt : null;
      attempt = null;
    }
    // a server counts resets as an attack, and the resets of all clients come over one connection;
    // so beyond a limit the proxy takes the unwanted answer, unless the server is quiet
    if (abandoned != null
        && !abandoned.withdraw()
        && (abandoned.endpoint().mayReset() || abandoned.endpoint().isQuiet())) {
      abandoned.cancel("the client is gone");
    }
  }

  @Override
  public long arrivedNanos() {
    return arrivedNanos;
  }

  @Override
  public int bytes() {
    return room.requestBytes();
  }

  @Override
  public boolean over() {
    return over;
  }

  @Override
  public void dispatch() {
    targets = router.targets(request);
    nextTarget = 0;
    if (targets.isEmpty()) {
      router.hold(this);
    } else {
      tryNext();
    }
  }

  private void tryNext() {
    Attempt next;
    synchronized (this) {
      if (over) {
        return;
      }
      tries++;
      room.lendRequest();
      Endpoint target = targets.get(nextTarget++);
      next = new Attempt(this, target, router.turns(target, room.requestBytes()));
      attempt = next;
    }
    router.addInFlight(next, next.endpoint());
    next.start();
  }

  /** Whether the answer may be large. */
  boolean readsRange() {
    return request instanceof RequestKind.RangeRead;
  }

  Bytes message() {
    return room.request();
  }

  /** Counts bytes of an answer; false when no client waits for this answer. */
  boolean arriving(Attempt at, long bytes) {
    boolean awaited = attempt == at;
    if (awaited && !room.arrived(bytes)) {
      withoutRoom(at);
    }
    return awaited;
  }

  /** An attempt has ended. */
  void ended(Attempt ended, Status status, Metadata trailers) {
    router.removeInFlight(ended, ended.endpoint());
    router.metrics().ended(request, ended.endpoint(), status);
    boolean current;
    synchronized (this) {
      room.requestIsBack(over);
      current = abandon(ended);
    }
    if (current) {
      next(ended, status, trailers);
    }
  }

  private void next(Attempt ended, Status status, Metadata trailers) {
    Bytes answer = ended.answer();
    if (status.isOk() && answer != null) {
      router.heard(method(), AnswerHeader.of(answer));
      succeed(answer);
      return;
    }
    failure = status.isOk() ? Status.INTERNAL.withDescription("an answer is missing") : status;
    if (takeNewName(failure)) {
      room.drop();
      dispatch();
      return;
    }
    RetryRule.Failure kind = ProxyErrors.failure(failure, ended.isSent());
    failed(ended, kind, trailers);
  }

  private void failed(Attempt ended, RetryRule.Failure kind, Metadata trailers) {
    boolean sent = ended.isSent();
    room.drop();
    if (sent && kind != RetryRule.Failure.NOT_LEADER) {
      maybeDone = true;
    }
    if (kind == RetryRule.Failure.BROKEN) {
      breaks++;
    }
    RetryReason why = RetryReason.after(kind, sent);
    switch (RetryRule.after(request, kind, sent && !isRepeatable(), breaks)) {
      case TELL -> fail(told(lastFailure()), trailers);
      case NEXT_TARGET -> elsewhere(ended.endpoint(), why);
      case NEW_LEADER -> again(ended.endpoint(), why);
    }
  }

  private Status told(Status status) {
    return request instanceof RequestKind.LeaderOnly
        ? ProxyErrors.toClient(status)
        : ProxyErrors.toReader(status);
  }

  /**
   * Takes a new name when servers have forgotten the proxy's name for this write. Returns whether
   * the write can be sent under the new name. The refused attempt did not perform the write; a new
   * name is safe only if no earlier attempt may have performed it.
   */
  private boolean takeNewName(Status refusal) {
    if (!WriteNames.isForgotten(refusal) || tries >= TRIES_MAX) {
      return false;
    }
    synchronized (this) {
      WriteNames.Name forgotten = name;
      if (forgotten == null || over) {
        return false;
      }
      forgotten.giveUp();
      if (maybeDone) {
        return false;
      }
      forgotten.release();
      name = router.names().take();
      return true;
    }
  }

  private void elsewhere(Endpoint failed, RetryReason why) {
    if (nextTarget < targets.size()) {
      router.metrics().repeated(why);
      tryNext();
    } else if (router.serves()) {
      fail(ProxyErrors.toClient(lastFailure()));
    } else {
      again(failed, why);
    }
  }

  private void again(Endpoint failed, RetryReason why) {
    if (tries >= TRIES_MAX || System.nanoTime() - arrivedNanos >= Router.WAITING_NANOS_MAX) {
      boolean untried = request instanceof RequestKind.LeaderOnly;
      fail(untried ? ProxyErrors.NO_LEADER : ProxyErrors.toClient(lastFailure()));
    } else {
      router.metrics().repeated(why);
      router.hold(this, failed);
    }
  }

  private Status lastFailure() {
    Status last = failure;
    return last == null ? ProxyErrors.NO_LEADER : last;
  }

  /**
   * There is no room for the answer: a read is sent again when there is room for the largest
   * answer.
   */
  private void withoutRoom(Attempt without) {
    if (abandon(without)) {
      without.cancel("there is no room for the answer");
      boolean reads =
          !(request instanceof RequestKind.LeaderOnly) || RequestParser.isRead(method());
      boolean again = reads && !room.isReserved();
      room.drop();
      if (again) {
        room.reserve(this::reserved);
      } else {
        fail(reads ? ProxyErrors.NO_ROOM : ProxyErrors.ANSWER_DROPPED);
      }
    }
  }

  private void reserved(boolean taken) {
    if (taken) {
      router.metrics().repeated(RetryReason.ROOM);
      dispatch();
    } else {
      fail(ProxyErrors.NO_ROOM);
    }
  }

  /**
   * The server does not answer. A read goes to another server. A write stays, because the server
   * may have performed it.
   */
  void silent(Attempt at) {
    if (!(request instanceof RequestKind.LeaderOnly) && abandon(at)) {
      at.cancel("the server is silent");
      failure = ProxyErrors.LEADER_FAILED;
      failed(at, RetryRule.Failure.BROKEN, new Metadata());
    }
  }

  /** The server does not answer, and another one leads. A named write goes to the new leader. */
  void replaced(Attempt at) {
    if (request instanceof RequestKind.LeaderOnly && abandon(at)) {
      boolean unsent = at.withdraw();
      at.cancel("the server is silent");
      if (unsent || isRepeatable()) {
        failure = ProxyErrors.LEADER_FAILED;
        failed(at, RetryRule.Failure.BROKEN, new Metadata());
      } else {
        fail(ProxyErrors.LEADER_FAILED);
      }
    }
  }

  private synchronized boolean abandon(Attempt one) {
    boolean current = !over && attempt == one;
    if (current) {
      attempt = null;
    }
    return current;
  }

  private synchronized boolean endOnce() {
    boolean first = !over;
    over = true;
    if (first && name != null) {
      name.release();
    }
    room.letRequestGo();
    return first;
  }

  private void succeed(Bytes answer) {
    if (endOnce()) {
      room.whole();
      client.sendHeaders(answerHeaders());
      client.sendMessage(rewriting.apply(answer));
      client.close(Status.OK, new Metadata());
    }
  }

  private Metadata answerHeaders() {
    Metadata answer = new Metadata();
    if (WriteNames.isNamed(headers) && router.serversRemember()) {
      router.names().tell(answer);
    }
    return answer;
  }

  /** The headers for a server. */
  Metadata onward() {
    Metadata onward = ProxyLoopGuard.onward(headers);
    ClientAddress.addTo(onward, client);
    if (maybeDone) {
      onward.discardAll(WriteHeaders.FIRST);
    }
    if (name != null) {
      name.addTo(onward);
    }
    return onward;
  }

  @Override
  public void fail(Status status) {
    boolean open = maybeDone && ProxyErrors.isNoLeader(status);
    fail(open ? ProxyErrors.LEADER_FAILED : status, new Metadata());
  }

  private void fail(Status status, Metadata trailers) {
    if (endOnce()) {
      client.close(status, trailers);
    }
  }
}
