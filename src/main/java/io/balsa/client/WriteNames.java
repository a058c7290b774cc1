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
 * Names for writes, so that servers do each once however often it is sent: a client id and a
 * sequence in the call's metadata. Servers remember the newest {@link ProtocolLimits#WRITE_WINDOW}
 * writes of an id, so no more than that are open under one, and another id is taken for the next.
 * Servers also forget ids: each says how old it is, by an index that was applied before, and one
 * that may be forgotten is given up. Safe for all threads.
 */
public final class WriteNames {
  /** Writes that are open beyond this many ids have no name. */
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

  /** Names that do not say how old they are. */
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

  /** Asks in a call's headers whether names are understood. */
  public static void ask(Metadata headers) {
    headers.put(WriteHeaders.CLIENT, "1");
  }

  /** Says in an answer's headers that names are understood. */
  public void tell(Metadata headers) {
    headers.put(WriteHeaders.REMEMBERS, String.valueOf(ProtocolLimits.WRITE_WINDOW));
    if (applied.getAsLong() > 0) {
      headers.put(WriteHeaders.APPLIED, String.valueOf(applied.getAsLong()));
    }
  }

  /** Whether an answer's headers say that names are understood. */
  static boolean areUnderstood(Metadata headers) {
    return headers.containsKey(WriteHeaders.REMEMBERS);
  }

  /** The index that headers or trailers say is applied; 0 when they do not. */
  static long appliedIn(Metadata headers) {
    String text = headers.get(WriteHeaders.APPLIED);
    try {
      return text == null ? 0 : Long.parseLong(text);
    } catch (NumberFormatException _) {
      return 0;
    }
  }

  /**
   * Whether a write was refused because its name may have been forgotten: it was not done by that
   * request. Then the name is to be {@link Name#giveUp given up}.
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

  /** A write's name, open until nobody sends the write again. */
  public final class Name {
    private final Id id;
    private final long sequence;
    private boolean sent;

    private Name(Id id, long sequence) {
      this.id = id;
      this.sequence = sequence;
    }

    /** Puts it into the headers of a try, which is sent with them. */
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

    /** Servers have forgotten its id, or may have: it is taken for no other write. */
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

    /** One whose age is unknown is good only as long as none can be told. */
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
