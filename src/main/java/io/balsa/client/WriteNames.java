package io.balsa.client;

import io.balsa.bytes.ProtocolLimits;
import io.balsa.proto.etcdserverpb.KVGrpc;
import io.balsa.rpc.WriteHeaders;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Names for writes: a client id and a sequence number in the call's metadata. A server performs a
 * named write once, however often it is sent. Servers remember the newest {@link
 * ProtocolLimits#WRITE_WINDOW} writes of an id, so at most that many are open under one id. Servers
 * also forget ids. So each id carries an index that was applied before it was made, and the client
 * gives up an id that may be forgotten. Safe for all threads.
 */
public final class WriteNames {
  /** The most ids with open writes. Further writes have no name. */
  private static final int IDS_MAX = 64;

  private static final Set<String> WRITES =
      Set.of(
          KVGrpc.getPutMethod().getFullMethodName(),
          KVGrpc.getDeleteRangeMethod().getFullMethodName(),
          KVGrpc.getTxnMethod().getFullMethodName(),
          KVGrpc.getCompactMethod().getFullMethodName());

  private final SecureRandom random = new SecureRandom();
  private final LongSupplier applied;
  private final List<Id> ids = new ArrayList<>();
  private int present;

  /** Names without an applied index. */
  public WriteNames() {
    this(() -> 0);
  }

  /**
   * Names for writes of one cluster.
   *
   * @param applied an index that some server of it has applied; 0 when none is known yet
   */
  public WriteNames(LongSupplier applied) {
    this.applied = applied;
  }

  /** Whether calls of a method are writes that servers remember. */
  public static boolean canBeNamed(MethodDescriptor<?, ?> method) {
    return WRITES.contains(method.getFullMethodName());
  }

  /** Whether a call has a name, or asks whether names are understood. */
  public static boolean isNamed(Metadata headers) {
    return headers.containsKey(WriteHeaders.CLIENT);
  }

  /** Asks in a call's headers whether the server understands names. */
  public static void ask(Metadata headers) {
    headers.put(WriteHeaders.CLIENT, "1");
  }

  /** Says in an answer's headers that servers understand names. */
  public void tell(Metadata headers) {
    headers.put(WriteHeaders.REMEMBERS, String.valueOf(ProtocolLimits.WRITE_WINDOW));
    if (applied.getAsLong() > 0) {
      headers.put(WriteHeaders.APPLIED, String.valueOf(applied.getAsLong()));
    }
  }

  /** Whether an answer's headers say that the server understands names. */
  static boolean areUnderstood(Metadata headers) {
    return headers.containsKey(WriteHeaders.REMEMBERS);
  }

  /** The applied index in headers or trailers; 0 when there is none. */
  static long appliedIn(Metadata headers) {
    String text = headers.get(WriteHeaders.APPLIED);
    try {
      return text == null ? 0 : Long.parseLong(text);
    } catch (NumberFormatException _) {
      return 0;
    }
  }

  /**
   * Whether a server refused a write because it may have forgotten the name. That request did not
   * perform the write. The caller must {@link Name#giveUp give up} the name.
   */
  public static boolean isForgotten(Status status) {
    String text = status.getDescription();
    return status.getCode() == Status.Code.FAILED_PRECONDITION
        && text != null
        && text.contains(WriteHeaders.FORGOTTEN);
  }

  /** A name for a write; null when too many are open. */
  public synchronized @Nullable Name take() {
    long since = applied.getAsLong();
    ids.removeIf(id -> id.isOver(since));
    for (int tries = 0; tries < ids.size(); tries++) {
      Id id = ids.get(present % ids.size());
      if (id.hasRoom(since)) {
        return id.take();
      }
      present++;
    }
    if (ids.size() == IDS_MAX) {
      return null;
    }
    Id fresh = new Id(random.nextLong(1, Long.MAX_VALUE), since);
    present = ids.size();
    ids.add(fresh);
    return fresh.take();
  }

  /** The name of a write. It stays open until the write is not sent again. */
  public final class Name {
    private final Id id;
    private final long sequence;
    private boolean sent;

    private Name(Id id, long sequence) {
      this.id = id;
      this.sequence = sequence;
    }

    /** Puts the name into the headers of a request that will be sent. */
    public void addTo(Metadata headers) {
      if (isFirst()) {
        headers.put(WriteHeaders.FIRST, "1");
      }
      headers.put(WriteHeaders.CLIENT, id.text);
      headers.put(WriteHeaders.SEQUENCE, String.valueOf(sequence));
      if (id.since > 0) {
        headers.put(WriteHeaders.SINCE, id.sinceText);
      }
    }

    private boolean isFirst() {
      synchronized (WriteNames.this) {
        boolean first = !sent;
        sent = true;
        return first;
      }
    }

    /** Servers may have forgotten the id: no other write gets it. */
    public void giveUp() {
      synchronized (WriteNames.this) {
        id.givenUp = true;
      }
    }

    /** The write is not sent again. */
    public void release() {
      synchronized (WriteNames.this) {
        id.release(sequence);
      }
    }
  }

  private final class Id {
    private final String text;
    private final long since;
    private final String sinceText;
    private final BitSet open = new BitSet(ProtocolLimits.WRITE_WINDOW);
    private long oldest = 1;
    private long next = 1;
    private boolean givenUp;

    Id(long id, long since) {
      this.text = String.valueOf(id);
      this.since = since;
      this.sinceText = String.valueOf(since);
    }

    /** An id without an applied index is good only while no applied index is known. */
    boolean isGood(long known) {
      return !givenUp && (since > 0 || known == 0);
    }

    boolean hasRoom(long known) {
      return isGood(known) && next - oldest < ProtocolLimits.WRITE_WINDOW;
    }

    boolean isOver(long known) {
      return !isGood(known) && oldest == next;
    }

    Name take() {
      open.set(place(next));
      return new Name(this, next++);
    }

    void release(long sequence) {
      open.clear(place(sequence));
      while (oldest < next && !open.get(place(oldest))) {
        oldest++;
      }
    }

    private static int place(long sequence) {
      return (int) (sequence % ProtocolLimits.WRITE_WINDOW);
    }
  }
}
