package io.balsa.sim;

import io.balsa.bytes.Bytes;
import io.balsa.wire.Frame;
import io.balsa.wire.FrameCodec;
import io.balsa.wire.WireFailure;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.LongConsumer;

/** Faults of single frames: held back, waited for, repeated, corrupted. */
final class Interception {
  private static final int REMEMBERED = 8;

  private final World world;
  private final SimDice dice;
  private final LongConsumer cutOff;
  private final TreeMap<String, ArrayDeque<Runnable>> past = new TreeMap<>();
  private final List<Runnable> held = new ArrayList<>();
  private String heldKind = "";
  private String awaited = "";
  private boolean cutsSender;
  private String watchedKind = "";
  private Runnable whenWatched = () -> {};
  private long sender;
  private long receiver;
  private boolean corrupting;
  private boolean replaysAtVote;

  /**
   * An interception that does nothing yet.
   *
   * @param cutOff cuts a machine off from all others
   */
  Interception(World world, SimDice dice, LongConsumer cutOff) {
    this.world = world;
    this.dice = dice;
    this.cutOff = cutOff;
  }

  /** Delivers all frames held back; corrupts no more frames. */
  void heal() {
    release();
    corrupting = false;
    replaysAtVote = false;
  }

  /** Holds back all frames of a kind from now on. */
  void hold(String kind) {
    release();
    heldKind = kind;
  }

  /** Delivers all frames held back at once. */
  void release() {
    heldKind = "";
    if (!held.isEmpty()) {
      world.marks().hit(Mark.FRAMES_RELEASED_FROM_HOLD);
    }
    List<Runnable> free = List.copyOf(held);
    held.clear();
    free.forEach(Runnable::run);
  }

  /** Drops all frames held back, and holds back no more. */
  void lose() {
    heldKind = "";
    held.clear();
  }

  /** Holds back a frame if its kind is held back; returns whether it did. */
  boolean holds(String kind, Runnable delivery) {
    boolean holds = kind.equals(heldKind);
    if (holds) {
      held.add(delivery);
    }
    return holds;
  }

  /**
   * Waits for a frame of a kind.
   *
   * @param cutsOff whether to cut off its sender at that moment, until the network heals
   */
  void await(String kind, boolean cutsOff) {
    awaited = kind;
    cutsSender = cutsOff;
    sender = 0;
    receiver = 0;
  }

  /** Runs a task when the next frame of a kind is sent. */
  void when(String kind, Runnable task) {
    watchedKind = kind;
    whenWatched = task;
  }

  void awaitNothing() {
    awaited = "";
  }

  /** The sender of the frame that was waited for; 0 before it was sent. */
  long sender() {
    return sender;
  }

  /** The receiver of the frame that was waited for. */
  long receiver() {
    return receiver;
  }

  /**
   * When a vote is next answered, recently forwarded proposals arrive again, perhaps at the earlier
   * leader.
   */
  void replayAtVote() {
    replaysAtVote = true;
  }

  /** Called when a frame is sent, which may be the one waited for. */
  void leaves(String kind, long from, long to) {
    if (replaysAtVote && kind.equals("RequestVoteReply")) {
      replaysAtVote = false;
      past.getOrDefault("ForwardProposals", new ArrayDeque<>()).forEach(Runnable::run);
    }
    if (kind.equals(watchedKind)) {
      watchedKind = "";
      whenWatched.run();
    }
    if (kind.equals(awaited)) {
      awaited = "";
      sender = from;
      receiver = to;
      if (cutsSender) {
        cutOff.accept(sender);
      }
    }
  }

  /** Keeps recent frames of each kind, to replay them. */
  void remember(String kind, Runnable delivery) {
    ArrayDeque<Runnable> ofKind = past.computeIfAbsent(kind, _ -> new ArrayDeque<>());
    if (ofKind.size() == REMEMBERED) {
      ofKind.removeFirst();
    }
    ofKind.add(delivery);
  }

  /** Delivers an earlier frame of any kind again, if its link is still open. */
  void replay(SimDice chooser) {
    if (!past.isEmpty()) {
      ArrayDeque<Runnable> ofKind = past.get(chooser.pick(List.copyOf(past.keySet())));
      chooser.pick(List.copyOf(Objects.requireNonNull(ofKind))).run();
    }
  }

  /** Flips a bit of the next frame. */
  void corruptNext() {
    corrupting = true;
  }

  /** Takes the order to corrupt a frame; returns whether there was one. */
  boolean corruptsNow() {
    boolean now = corrupting;
    corrupting = false;
    return now;
  }

  /** A corrupted copy of a frame, which must not decode. */
  Bytes corrupted(Bytes bytes) {
    byte[] copy = bytes.toArray();
    copy[dice.below(copy.length)] ^= (byte) (1 << dice.below(8));
    Bytes corrupt = Bytes.wrap(copy);
    try {
      Frame taken = FrameCodec.decode(corrupt);
      world.breaks("a corrupted frame is read as " + taken);
    } catch (WireFailure _) {
      world.marks().hit(Mark.CORRUPT_FRAME_DETECTED);
    }
    return corrupt;
  }
}
