package io.balsa.proxy;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import io.balsa.budget.Share;
import io.balsa.bytes.Bytes;
import io.balsa.front.MessageBundle;
import io.balsa.proto.etcdserverpb.WatchResponse;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Sends the answers of a watch stream to the client. An answer passes as the bytes that came. A
 * changed field is appended, because protobuf uses the last of repeated scalar fields. Servers send
 * large answers in fragments; a client that did not ask for fragments gets each revision whole.
 * Guarded by its stream.
 */
final class WatchAnswers {
  /** What happened to events. */
  enum Telling {
    /** They were sent, or are kept until their revision is whole. */
    TOLD,
    /** The client does not read, so they were dropped. */
    NO_ROOM,
    /** They are the beginning of a revision that is too large to be kept, so they were dropped. */
    LARGE,
    /** There is no room to keep them now, so they were dropped. */
    BUSY,
    /** They are too large to be kept, and cannot be sent in parts. */
    TOO_LARGE
  }

  /**
   * The most bytes that wait for a client that does not read; beyond it, its watches are cancelled
   * at the server.
   */
  private static final int UNREAD_MAX = 1 << 20;

  /**
   * The largest revision in fragments that is kept until it is whole, in bytes. A larger one is
   * forwarded as it comes.
   */
  private static final int KEPT_MAX = 2 << 20;

  private final ServerCall<Bytes, Bytes> client;

  /** The port gives the room back when the client has read. */
  private final Share share;

  private final List<Bytes> deferred = new ArrayList<>();
  private WatchResponseSummary.Header header = WatchResponseSummary.Header.NONE;
  private long progressTold;
  private int unread;
  private boolean heldBack;
  private boolean exclusive;
  private boolean inPieces;
  private boolean begun;

  WatchAnswers(ServerCall<Bytes, Bytes> client, Share share) {
    this.client = client;
    this.share = share;
  }

  void noteHeader(WatchResponseSummary.Header said) {
    if (said.member() != 0) {
      header = said;
    }
  }

  /** Whether watches wait until the client reads, or until a large revision ends. */
  boolean areHeldBack() {
    return heldBack || exclusive;
  }

  /** The client has read. */
  void hasRoom() {
    if (client.isReady()) {
      unread = 0;
      heldBack = false;
    }
  }

  private boolean takesMore(int bytes) {
    if (client.isReady()) {
      unread = 0;
      return true;
    }
    return unread + bytes <= UNREAD_MAX && share.tryTake(bytes);
  }

  /** Sends events or progress of a watch. */
  Telling tell(ProxiedWatch watch, WatchResponseSummary summary, Bytes message) throws IOException {
    if (summary.isProgress() && !watch.keeps()) {
      watch.toldUpTo(summary.revision());
      if (client.isReady()) {
        pass(watch.id, message);
      }
      return Telling.TOLD;
    }
    if (exclusive) {
      return Telling.NO_ROOM;
    }
    if (summary.whole() > KEPT_MAX) {
      return watch.takesParts() || MessageBundle.takenBy(client)
          ? Telling.LARGE
          : Telling.TOO_LARGE;
    }
    if (heldBack || !takesMore(message.size())) {
      heldBack = true;
      return Telling.NO_ROOM;
    }
    if (watch.takesParts()) {
      tellPart(watch, summary, message);
      return Telling.TOLD;
    }
    if (!summary.fragment() && !watch.keeps()) {
      watch.toldUpTo(summary.lastRevision());
      watch.forgetKept();
      pass(watch.id, message);
      return Telling.TOLD;
    }
    return gather(watch, summary, WatchEvents.of(message));
  }

  /** Sends a fragment, without the events that the client has from another server. */
  void tellPart(ProxiedWatch watch, WatchResponseSummary summary, Bytes message)
      throws IOException {
    WatchEvents events = WatchEvents.without(message, watch.next(), watch.toSkip());
    watch.skipped(events.skipped());
    if (summary.fragment()) {
      watch.toldPartly(events.lastRevision(), events.ofLast());
    } else {
      watch.toldUpTo(summary.lastRevision());
    }
    Bytes fragment =
        summary.fragment() ? field(WatchResponse.FRAGMENT_FIELD_NUMBER, 1) : Bytes.EMPTY;
    send(events.header().concat(idField(watch.id)).concat(fragment).concat(events.events()));
  }

  /**
   * Keeps the revision that may continue in the next fragment, and sends the revisions that are
   * whole.
   */
  private Telling gather(ProxiedWatch watch, WatchResponseSummary summary, WatchEvents events) {
    boolean goesOn = summary.fragment() && events.lastRevision() == watch.keptRevision();
    Bytes whole = goesOn ? Bytes.EMPTY : watch.kept();
    Bytes rest = goesOn ? watch.kept().concat(events.events()) : events.last();
    if (!summary.fragment()) {
      whole = watch.kept().concat(events.events());
    } else if (!goesOn) {
      whole = whole.concat(events.earlier());
    }
    if (!goesOn) {
      watch.forgetKept();
    }
    if (!whole.isEmpty()) {
      watch.toldUpTo(summary.fragment() ? events.lastRevision() - 1 : summary.lastRevision());
      send(events.header().concat(idField(watch.id)).concat(whole));
    }
    if (!summary.fragment()) {
      return Telling.TOLD;
    } else if (!watch.mayKeep(rest)) {
      return Telling.TOO_LARGE;
    }
    return watch.keep(events.lastRevision(), rest, summary.whole()) ? Telling.TOLD : Telling.BUSY;
  }

  /** Begins a message that is sent in pieces. All other answers wait for its end. */
  void beginLarge(ProxiedWatch watch, Bytes head, int eventsBytes) {
    Bytes own = head.concat(idField(watch.id));
    Bytes prefix = Bytes.wrap(MessageBundle.prefix(own.size() + eventsBytes).toByteArray());
    sendNow(piece().concat(prefix).concat(own));
    inPieces = true;
  }

  private static Bytes piece() {
    return Bytes.wrap(MessageBundle.piece().toByteArray());
  }

  /** Sends the next events of this message. */
  void goOnLarge(Bytes events) {
    int most = UNREAD_MAX / 2; // gRPC keeps a piece together up to 1 MiB
    for (int at = 0; at < events.size(); at += most) {
      sendNow(piece().concat(events.slice(at, Math.min(events.size(), at + most))));
    }
  }

  void endLarge() {
    inPieces = false;
    List<Bytes> waited = List.copyOf(deferred);
    deferred.clear();
    waited.forEach(this::send);
  }

  /** Sets whether a large revision is being sent. Meanwhile no other events are sent. */
  void holdBack(boolean largeIsUnderWay) {
    exclusive = largeIsUnderWay;
  }

  /** Sends a progress notification, unless the client cannot take it now or has had a later one. */
  boolean progress(WatchResponseSummary summary, Bytes message) {
    if (summary.revision() < progressTold || !client.isReady() || inPieces) {
      return false;
    }
    progressTold = summary.revision();
    send(message);
    return true;
  }

  /** Sends an answer with the client's id of the watch. */
  void pass(long id, Bytes message) {
    send(message.concat(idField(id)));
  }

  static Bytes idField(long id) {
    return field(WatchResponse.WATCH_ID_FIELD_NUMBER, id);
  }

  private static Bytes field(int number, long value) {
    byte[] bytes = new byte[CodedOutputStream.computeInt64Size(number, value)];
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    try {
      out.writeInt64(number, value);
    } catch (IOException e) {
      throw new IllegalStateException("the size was computed", e);
    }
    return Bytes.wrap(bytes);
  }

  /** Refuses a new watch, as a server does. */
  void refused(String reason) {
    WatchResponse refused =
        WatchResponse.newBuilder()
            .setHeader(header.message())
            .setWatchId(-1)
            .setCreated(true)
            .setCanceled(true)
            .setCancelReason(reason)
            .build();
    send(Bytes.wrap(refused.toByteArray()));
  }

  /** A new server refuses an existing watch. For the client, the watch is cancelled. */
  void refusedAgain(long id, Bytes message) throws InvalidProtocolBufferException {
    WatchResponse refused =
        WatchResponse.parseFrom(message.buffer()).toBuilder()
            .setWatchId(id)
            .setCreated(false)
            .build();
    send(Bytes.wrap(refused.toByteArray()));
  }

  /**
   * Tells the client that a watch has ended, when no server has it.
   *
   * @param reason empty when the client cancelled it
   */
  void canceled(long id, String reason) {
    WatchResponse canceled =
        WatchResponse.newBuilder()
            .setHeader(header.message())
            .setWatchId(id)
            .setCanceled(true)
            .setCancelReason(reason)
            .build();
    send(Bytes.wrap(canceled.toByteArray()));
  }

  private void send(Bytes message) {
    if (inPieces) {
      deferred.add(message);
    } else {
      sendNow(message);
    }
  }

  private void sendNow(Bytes message) {
    if (!begun) {
      begun = true;
      client.sendHeaders(new Metadata());
    }
    unread += message.size();
    client.sendMessage(message);
  }
}
