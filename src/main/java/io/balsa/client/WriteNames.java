package io.balsa.client;

import io.balsa.proto.WriteHeaders;
import io.balsa.proto.etcdserverpb.KVGrpc;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Names for writes, so that servers do each once however often it is sent: a client id and a
 * sequence in the call's metadata. Servers remember the newest {@link #WINDOW} writes of an id, so
 * no more than that are open under one, and another id is taken for the next. Safe for all threads.
 */
public final class WriteNames {
  static final int WINDOW = 128;

  /** Writes that are open beyond this many ids have no name. */
  private static final int IDS_MAX = 64;

  private static final Set<String> WRITES =
      Set.of(
          KVGrpc.getPutMethod().getFullMethodName(),
          KVGrpc.getDeleteRangeMethod().getFullMethodName(),
          KVGrpc.getTxnMethod().getFullMethodName());

  private final SecureRandom random = new SecureRandom();
  private final List<Id> ids = new ArrayList<>();
  private int present;

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
  public static void tell(Metadata headers) {
    headers.put(WriteHeaders.REMEMBERS, String.valueOf(WINDOW));
  }

  /** Whether an answer's headers say that names are understood. */
  static boolean areUnderstood(Metadata headers) {
    return headers.containsKey(WriteHeaders.REMEMBERS);
  }

  /** A name for a write; null when too many are open. */
  public synchronized @Nullable Name take() {
    for (int tries = 0; tries < ids.size(); tries++) {
      Id id = ids.get(present % ids.size());
      if (id.hasRoom()) {
        return id.take();
      }
      present++;
    }
    if (ids.size() == IDS_MAX) {
      return null;
    }
    Id fresh = new Id(random.nextLong(1, Long.MAX_VALUE));
    present = ids.size();
    ids.add(fresh);
    return fresh.take();
  }

  /** A write's name, open until nobody sends the write again. */
  public final class Name {
    private final Id id;
    private final long sequence;

    private Name(Id id, long sequence) {
      this.id = id;
      this.sequence = sequence;
    }

    /** Puts it into a call's headers. */
    public void addTo(Metadata headers) {
      headers.put(WriteHeaders.CLIENT, id.text);
      headers.put(WriteHeaders.SEQUENCE, String.valueOf(sequence));
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
    private final BitSet open = new BitSet(WINDOW);
    private long oldest = 1;
    private long next = 1;

    Id(long id) {
      this.text = String.valueOf(id);
    }

    boolean hasRoom() {
      return next - oldest < WINDOW;
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
      return (int) (sequence % WINDOW);
    }
  }
}
