package io.balsa.node;

import io.balsa.host.Lane;
import io.balsa.lanes.Inbox;
import io.balsa.lanes.NodeMetrics;
import io.balsa.node.apply.ApplyLane;
import io.balsa.node.peers.Outbox;
import io.balsa.node.peers.Peers;
import io.balsa.node.reads.ReadsAwaitingIndex;
import io.balsa.node.snapshots.Snapshots;
import io.balsa.node.writes.Proposals;
import io.balsa.raft.Disbelief;
import io.balsa.raft.Effect;
import io.balsa.raft.Input;
import io.balsa.raft.Message;
import io.balsa.raft.Raft;
import io.balsa.raft.RaftStatus;
import io.balsa.raft.Refusal;
import io.balsa.raft.Role;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

/**
 * The only lane that uses {@link Raft}. It takes inputs from its inbox, steps, and hands the
 * effects to the other parts. It holds a message that must wait for a persist until that persist is
 * reported.
 *
 * <p>A leader proposes commands when its last batch is committed, and at every tick. Commands that
 * arrive in between form one batch: one message to each follower and one force on each server. When
 * a round trip takes longer than a tick, several batches are under way.
 */
final class RaftLane {
  /** Where the effects go. */
  record Others(
      LogLane log,
      ApplyLane apply,
      Snapshots snapshots,
      Peers peers,
      Proposals proposals,
      ReadsAwaitingIndex reads,
      Transfers transfers) {}

  /** Hears of changes; called on this lane. */
  interface Listener {
    /** Role, term or leader changed; {@code status} is Raft's state after it. */
    void roleChanged(Effect.RoleChanged change, RaftStatus status);
  }

  private final Raft raft;
  private final Others others;
  private final NodeMetrics metrics;
  private final Listener listener;
  private final Inbox<Input> inbox;
  private final Queue<Effect.Send> held = new ArrayDeque<>();
  private final Outbox outbox;

  /**
   * Commands that followers forwarded and that wait for the batch under way. They are bounded: a
   * follower forwards no more bytes than it may have pending, and every tick gives all of them to
   * Raft, which refuses what is too much.
   */
  private final List<Input> forwarded = new ArrayList<>();

  /**
   * The index of the last entry that this leader appended; 0 when it is committed, or another
   * server leads. While it is not 0, arriving commands wait for the commit or the next tick, and
   * then form one batch.
   */
  private long uncommittedIndex;

  private long durable;
  private Effect.RoleChanged role;

  /** Whether the last proposal was refused: the others wait for a change of role or a tick. */
  private boolean refused;

  RaftLane(
      Lane lane,
      Raft raft,
      int messageBytesMax,
      Others others,
      NodeMetrics metrics,
      Listener listener) {
    this.raft = raft;
    this.outbox = new Outbox(messageBytesMax);
    this.others = others;
    this.metrics = metrics;
    this.listener = listener;
    this.role = new Effect.RoleChanged(Role.FOLLOWER, raft.status().term(), 0);
    this.inbox = new Inbox<>(lane, this::drain);
  }

  /**
   * Gives Raft an input; from any thread. {@link Input.Applied} only frees memory and can wait for
   * the next input or tick. Waking the lane for it would cost every server a thread switch for each
   * batch.
   */
  void post(Input input) {
    if (input instanceof Input.Applied) {
      inbox.putWithoutWaking(input);
    } else {
      inbox.put(input);
    }
  }

  /** Proposals or reads have arrived; from any thread. */
  void wake() {
    inbox.wake();
  }

  /** The role, term and leader as of the last step; on this lane. */
  Effect.RoleChanged role() {
    return role;
  }

  /** Raft's state; on this lane. */
  RaftStatus status() {
    return raft.status();
  }

  /** The same, after a check of the invariants that hold between two steps; on this lane. */
  RaftStatus verified() {
    raft.verify();
    return raft.status();
  }

  private void drain(List<Input> inputs) {
    takeIn(inputs);
    requestReadIndex();
    if (uncommittedIndex == 0) {
      propose();
    }
    outbox.flush(this::send);
  }

  private void takeIn(List<Input> inputs) {
    for (Input input : inputs) {
      if (input instanceof Input.Receive(_, Message.ForwardProposals _)) {
        forwarded.add(input);
      } else {
        work(input);
      }
    }
  }

  /** Steps Raft and carries its effects out; on this lane. */
  void step(Input input) {
    work(input);
    outbox.flush(this::send);
  }

  private void work(Input input) {
    if (input instanceof Input.Persisted(long number)) {
      durable = number;
      sendHeld();
    }
    for (Effect effect : raft.step(input)) {
      carryOut(effect);
    }
  }

  /** Requests one read index for all reads that have arrived. */
  private void requestReadIndex() {
    Input.ReadIndex request = others.reads().nextRequest();
    if (request != null) {
      work(request);
    }
  }

  /** Proposes all commands that have arrived. */
  private void propose() {
    forwarded.forEach(this::work);
    forwarded.clear();
    while (!refused && role.leader() != 0) {
      Input.Propose batch = others.proposals().nextBatch();
      if (batch == null) {
        return;
      }
      work(batch);
    }
  }

  /** Time has passed: what was refused may be tried again; on this lane. */
  void onTick() {
    refused = false;
    if (role.leader() != 0) {
      others.reads().askAgain();
    }
    takeIn(inbox.takeAll());
    requestReadIndex();
    propose();
    outbox.flush(this::send);
  }

  private void carryOut(Effect effect) {
    switch (effect) {
      case Effect.Persist persist -> persist(persist);
      case Effect.Reset reset -> {
        others.snapshots().logStartsAfter(reset.snapshot().index());
        others.log().write(reset);
      }
      case Effect.Send send -> sendOrHold(send);
      case Effect.Commit commit -> commit(commit);
      case Effect.Load load -> others.log().load(load);
      case Effect.LoadChunk load -> others.snapshots().load(load);
      case Effect.SaveChunk save -> others.snapshots().save(save);
      case Effect.Install(var snapshot) -> others.snapshots().install(snapshot);
      case Effect.ReadReady(long id, long index) -> others.reads().ready(id, index);
      case Effect.ReadFailed(long id) -> {
        metrics.readIndexFailed();
        others.reads().failed(id);
      }
      case Effect.Proposed(long batch, long term) ->
          others.proposals().underWay(batch, term, role.role() != Role.LEADER);
      case Effect.Refused(long batch, Refusal refusal) -> {
        refused = true;
        others.proposals().refused(batch, refusal);
      }
      case Effect.RoleChanged change -> changed(change);
      case Effect.Disbelieved(long peer, Disbelief disbelief) ->
          others.peers().disbelieved(peer, disbelief.words());
      case Effect.TransferFailed(long target) -> others.transfers().failed(target);
    }
  }

  private void persist(Effect.Persist persist) {
    if (role.role() == Role.LEADER && !persist.append().isEmpty()) {
      uncommittedIndex = persist.append().getLast().index();
    }
    others.log().write(persist);
  }

  private void commit(Effect.Commit commit) {
    if (commit.entries().getLast().index() >= uncommittedIndex) {
      uncommittedIndex = 0;
    }
    others.apply().apply(commit);
  }

  private void changed(Effect.RoleChanged change) {
    if (change.role() != Role.LEADER) {
      uncommittedIndex = 0;
    }
    if (change.leader() != role.leader()) {
      metrics.leaderChanged(change.leader());
    }
    role = change;
    refused = false;
    others.transfers().roleChanged(change);
    listener.roleChanged(change, raft.status());
    if (change.leader() != 0) {
      others.reads().askAgain();
      wake();
    }
  }

  private void sendOrHold(Effect.Send send) {
    if (send.after() <= durable) {
      outbox.add(send);
    } else {
      held.add(send);
    }
  }

  /**
   * Raft expects that messages get lost. But a dropped message with forwarded commands certainly
   * never left, so these commands can be proposed again.
   */
  private void send(Effect.Send send) {
    boolean sent = others.peers().send(send.to(), send.message());
    if (!sent && send.message() instanceof Message.ForwardProposals forward) {
      refused = true;
      others.proposals().refused(forward.batch(), Refusal.NO_LEADER);
    }
  }

  private void sendHeld() {
    for (Effect.Send send = held.peek();
        send != null && send.after() <= durable;
        send = held.peek()) {
      held.remove();
      outbox.add(send);
    }
  }
}
