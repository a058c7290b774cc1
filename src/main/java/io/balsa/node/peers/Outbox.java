package io.balsa.node.peers;

import io.balsa.raft.Effect;
import io.balsa.raft.Entry;
import io.balsa.raft.Message;
import io.balsa.raft.Message.AppendEntries;
import io.balsa.raft.Message.AppendEntriesReply;
import io.balsa.raft.Message.Heartbeat;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Messages to send once the raft lane has emptied its inbox. It joins messages to the same peer:
 * consecutive entries become one message, the highest acknowledgement replaces the others, and a
 * commit index before entries that carry it is dropped. Under load it joins most messages.
 */
public final class Outbox {
  private final List<Effect.Send> waiting = new ArrayList<>();

  /** Where in {@code waiting} the last message to each peer is. */
  private final TreeMap<Long, Integer> lastTo = new TreeMap<>();

  private final int entriesBytesMax;

  /** An outbox that joins entries up to so many bytes. */
  public Outbox(int entriesBytesMax) {
    this.entriesBytesMax = entriesBytesMax;
  }

  /** Puts a message in, behind those for the same peer. */
  public void add(Effect.Send send) {
    Integer last = lastTo.get(send.to());
    Message joined = last == null ? null : join(waiting.get(last).message(), send.message());
    if (last != null && joined != null) {
      // what both wait for is durable already
      waiting.set(last, new Effect.Send(0, send.to(), joined));
    } else {
      lastTo.put(send.to(), waiting.size());
      waiting.add(send);
    }
  }

  private @Nullable Message join(Message first, Message second) {
    if (first instanceof AppendEntries one && second instanceof AppendEntries two) {
      return joinEntries(one, two);
    }
    if (first instanceof AppendEntriesReply one
        && second instanceof AppendEntriesReply two
        && one.term() == two.term()) {
      return one.matchIndex() > two.matchIndex() ? one : two;
    }
    if (first instanceof Heartbeat one && second instanceof AppendEntries two) {
      return saysAll(two, one) ? two : null;
    }
    return null;
  }

  /** Whether the entries carry everything that the heartbeat does. */
  private static boolean saysAll(AppendEntries append, Heartbeat heartbeat) {
    return heartbeat.round() == 0
        && heartbeat.term() == append.term()
        && heartbeat.commitIndex() <= append.commitIndex();
  }

  private @Nullable Message joinEntries(AppendEntries one, AppendEntries two) {
    boolean follows =
        one.term() == two.term()
            && !one.entries().isEmpty()
            && !two.entries().isEmpty()
            && one.entries().getLast().position().equals(two.prev());
    if (!follows || Entry.bytes(one.entries()) + Entry.bytes(two.entries()) > entriesBytesMax) {
      return null;
    }
    List<Entry> entries = new ArrayList<>(one.entries().size() + two.entries().size());
    entries.addAll(one.entries());
    entries.addAll(two.entries());
    long commitIndex = Math.max(one.commitIndex(), two.commitIndex());
    return new AppendEntries(one.term(), one.prev(), entries, commitIndex, one.acknowledged());
  }

  /** Gives all messages away, in order. */
  public void flush(Consumer<Effect.Send> to) {
    waiting.forEach(to);
    waiting.clear();
    lastTo.clear();
  }
}
