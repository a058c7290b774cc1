package io.balsa.proxy;

import io.balsa.bytes.Bytes;
import io.balsa.client.Endpoint;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Forwards a revision that is too large to be kept. It comes from a server over its own connection,
 * at the pace of the client. A client that asked for fragments gets fragments; another client gets
 * one message, sent in pieces. Guarded by its stream.
 */
final class LargeRevision {
  /** The state after a message of the server. */
  private enum Step {
    GOES_ON,
    WHOLE,
    /** The server has ended the watch. */
    CANCELED,
    /** The message that was begun cannot be finished. */
    BROKEN
  }

  private static final int SERVERS_MAX = 3;
  private static final long MESSAGE_BYTES_MAX = Integer.MAX_VALUE - 1024;

  private final Router router;
  private final ProxiedWatchStream stream;
  private final ProxiedWatch watch;
  private final WatchAnswers answers;
  private final ServerCall<Bytes, Bytes> client;
  private @Nullable WatchUpstream upstream;
  private int servers;
  private boolean begun;
  private boolean asks;
  private long left;

  LargeRevision(
      Router router,
      ProxiedWatchStream stream,
      ProxiedWatch watch,
      WatchAnswers answers,
      ServerCall<Bytes, Bytes> client) {
    this.router = router;
    this.stream = stream;
    this.watch = watch;
    this.answers = answers;
    this.client = client;
    answers.holdBack(true);
  }

  ProxiedWatch watch() {
    return watch;
  }

  WatchUpstream upstream() {
    return Objects.requireNonNull(upstream, "it has begun");
  }

  boolean isAt(WatchUpstream one) {
    return upstream == one;
  }

  /** Has a server send the revision, from the point that the client has reached. */
  void beginAt(Endpoint endpoint) {
    servers++;
    WatchUpstream next = router.watches().takePaced(endpoint, stream.headers(), stream);
    upstream = next;
    next.start();
    if (isAt(next)) {
      next.create(watch);
    }
  }

  /** The server has ended: another server continues. */
  void ended(Status status) {
    var _ = upstream().takeAll();
    Endpoint next = router.streamTarget(false, upstream().endpoint());
    if (next == null || servers == SERVERS_MAX) {
      stream.end(ProxyErrors.toClient(status), new Metadata());
    } else {
      router.metrics().streamResumed();
      beginAt(next);
    }
  }

  /**
   * The client cancels the watch. It ends at once, unless the client has the beginning of a
   * message.
   */
  void cancel() {
    if (!begun || watch.takesParts()) {
      stream.overWith(this, true);
    }
  }

  /** Takes a message of the server. */
  void told(WatchResponseSummary summary, Bytes message) throws IOException {
    WatchUpstream from = upstream();
    switch (step(from, summary, message)) {
      case GOES_ON -> {
        asks = true;
        askMore();
      }
      case WHOLE -> stream.overWith(this, true);
      case CANCELED -> {
        stream.overWith(this, false);
        stream.canceledBy(from, watch, summary, message);
      }
      case BROKEN -> stream.end(ProxyErrors.CONNECTION_LOST, new Metadata());
    }
  }

  private Step step(WatchUpstream from, WatchResponseSummary summary, Bytes message)
      throws IOException {
    if (from.whose(summary) != watch) {
      return Step.GOES_ON;
    } else if (summary.canceled()) {
      return begun ? Step.BROKEN : Step.CANCELED;
    } else if (summary.created()) {
      watch.resuming = false;
    } else if (summary.events() > 0) {
      return watch.takesParts() ? part(summary, message) : pieces(summary, message);
    }
    return Step.GOES_ON;
  }

  private Step part(WatchResponseSummary summary, Bytes message) throws IOException {
    begun = summary.fragment();
    answers.tellPart(watch, summary, message);
    return summary.fragment() ? Step.GOES_ON : Step.WHOLE;
  }

  private Step pieces(WatchResponseSummary summary, Bytes message) throws IOException {
    if (!begun && !summary.fragment()) { // another server sends it as a small revision
      watch.toldUpTo(summary.lastRevision());
      answers.pass(watch.id, message);
      return Step.WHOLE;
    }
    WatchEvents events = WatchEvents.without(message, watch.next(), watch.toSkip());
    watch.skipped(events.skipped());
    if (!begun) {
      if (summary.whole() <= 0 || summary.whole() > MESSAGE_BYTES_MAX) {
        return Step.BROKEN;
      }
      begun = true;
      left = summary.whole();
      answers.beginLarge(watch, events.header(), (int) left);
    }
    left -= events.events().size();
    if (left < 0 || (!summary.fragment() && left > 0)) {
      return Step.BROKEN;
    }
    watch.toldPartly(events.lastRevision(), events.ofLast());
    answers.goOnLarge(events.events());
    if (summary.fragment()) {
      return Step.GOES_ON;
    }
    watch.toldUpTo(summary.lastRevision());
    answers.endLarge();
    return Step.WHOLE;
  }

  /** Requests the next part when the client has read. */
  void askMore() {
    if (asks && client.isReady()) {
      asks = false;
      upstream().askMore();
    }
  }
}
