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

/** What is done to single frames on their way: held back, waited for, repeated, corrupted. */
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
   * Does nothing yet.
   *
   * @param cutOff cuts a machine off from all others
   */
  Interception(World world, SimDice dice, LongConsumer cutOff) {
    this.world = world;
    this.dice = dice;
    this.cutOff = cutOff;
  }

  /** What was held back comes, and nothing more is corrupted. */
  void heal() {
    release();
    corrupting = false;
    replaysAtVote = false;
  }

  /** Frames of a kind are held back from now on. */
  void hold(String kind) {
    release();
    heldKind = kind;
  }

  /** All frames held back come at once. */
  void release() {
    heldKind = "";
    if (!held.isEmpty()) {
      world.marks().hit(Mark.FRAMES_RELEASED_FROM_HOLD);
    }
    List<Runnable> free = List.copyOf(held);
    held.clear();
    free.forEach(Runnable::run);
  }

  /** All frames held back are lost, and no more are held back. */
  void lose() {
    heldKind = "";
    held.clear();
  }

  /** Holds a frame back if its kind is. */
  boolean holds(String kind, Runnable delivery) {
    boolean holds = kind.equals(heldKind);
    if (holds) {
      held.add(delivery);
    }
    return holds;
  }

  /**
   * A frame of a kind is waited for.
   *
   * @param cutsOff whether its sender is cut off from all in that moment, until all heals
   */
  void await(String kind, boolean cutsOff) {
    awaited = kind;
    cutsSender = cutsOff;
    sender = 0;
    receiver = 0;
  }

  /** The next frame of a kind that leaves has something done in that moment. */
  void when(String kind, Runnable task) {
    watchedKind = kind;
    whenWatched = task;
  }

  void awaitNothing() {
    awaited = "";
  }

  /** Who sent what was waited for; 0 when nobody has. */
  long sender() {
    return sender;
  }

  /** To whom what was waited for was sent. */
  long receiver() {
    return receiver;
  }

  /**
   * When a vote is next answered, what was passed on of late arrives once more: maybe at who has
   * led until then.
   */
  void replayAtVote() {
    replaysAtVote = true;
  }

  /** A frame leaves: maybe it was waited for. */
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

  /** Keeps a frame of each kind for a while, to be repeated. */
  void remember(String kind, Runnable delivery) {
    ArrayDeque<Runnable> ofKind = past.computeIfAbsent(kind, _ -> new ArrayDeque<>());
    if (ofKind.size() == REMEMBERED) {
      ofKind.removeFirst();
    }
    ofKind.add(delivery);
  }

  /** A frame of some time ago, of any kind, arrives once more, if its link is still open. */
  void replay(SimDice chooser) {
    if (!past.isEmpty()) {
      ArrayDeque<Runnable> ofKind = past.get(chooser.pick(List.copyOf(past.keySet())));
      chooser.pick(List.copyOf(Objects.requireNonNull(ofKind))).run();
    }
  }

  /** The next frame has a bit flipped on its way. */
  void corruptNext() {
    corrupting = true;
  }

  /** Whether the frame that goes now is the one to be corrupted. */
  boolean corruptsNow() {
    boolean now = corrupting;
    corrupting = false;
    return now;
  }

  /** What nobody may take for a frame. */
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
