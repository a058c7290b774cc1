package io.balsa.raft;

import io.balsa.bytes.Check;
import java.util.ArrayList;
import java.util.List;

/** The state of a server in every role (thesis figure 3.1), and the effects of this step. */
final class ServerState {
  /** The effects of this step, in order: the only way in which the core emits them. */
  static final class Effects {
    private List<Effect> emitted = new ArrayList<>();

    void emit(Effect effect) {
      emitted.add(effect);
    }

    private List<Effect> take() {
      if (emitted.isEmpty()) {
        return List.of();
      }
      List<Effect> taken = emitted;
      emitted = new ArrayList<>();
      return taken;
    }
  }

  /** The wait, in ticks, before the next PreVote: short, and random to avoid collisions. */
  private static final int RETRY_LEAST = 5;

  private static final int RETRY_SPREAD = 6;

  final RaftConfig config;
  final long self;
  final RaftLog log;
  final Applying applying;
  final Loads loads;
  final IncomingSnapshot incoming;

  private long currentTerm;
  private long votedFor;
  private boolean termUnpersisted;
  private long termPersist;

  private long now;
  private int dice;
  private boolean diskStalled;
  private long newestRound;
  private long newestRequest;
  private int electionsLost;
  private final Effects effects = new Effects();

  ServerState(RaftConfig config, Recovered recovered) {
    this.config = config;
    self = config.self();
    log = new RaftLog(config.recentBytesMax(), recovered);
    applying = new Applying(log, effects, config.unappliedBytesMax(), recovered.applied());
    loads = new Loads(log, effects, config.messageBytesMax());
    incoming = new IncomingSnapshot(this);
    currentTerm = recovered.term();
    votedFor = recovered.votedFor();
    Check.that(currentTerm >= log.last().term(), "no entry is of a later term");
  }

  // Terms and votes.

  long currentTerm() {
    return currentTerm;
  }

  long votedFor() {
    return votedFor;
  }

  /** Enters a later term; the step begins to persist it before it ends. */
  void enterTerm(long term, long vote) {
    Check.that(term > currentTerm, "terms only grow");
    currentTerm = term;
    votedFor = vote;
    termUnpersisted = true;
  }

  void voteFor(long candidate) {
    Check.that(votedFor == 0 || votedFor == candidate, "one vote in a term");
    if (votedFor != candidate) {
      votedFor = candidate;
      termUnpersisted = true;
    }
  }

  /** Begins to persist term and vote; returns the persist's number, 0 when they are durable. */
  long persistTerm() {
    if (termUnpersisted) {
      termPersist = log.persists().begin(0);
      emit(new Effect.Persist(termPersist, currentTerm, votedFor, List.of()));
      termUnpersisted = false;
    }
    return log.persists().whileUnderWay(termPersist);
  }

  // The log.

  void append(List<Entry> entries) {
    long number = log.append(entries);
    emit(new Effect.Persist(number, currentTerm, votedFor, entries));
    if (termUnpersisted) {
      termPersist = number;
      termUnpersisted = false;
    }
  }

  /**
   * Begins to persist the term if need be; returns the number of the persist that makes the term,
   * and the log up to an index, durable.
   */
  long persistCovering(long index) {
    return Math.max(persistTerm(), log.persists().covering(index));
  }

  /** Starts the log anew after an installed snapshot; returns the number of the persist. */
  long reset(Snapshot snapshot) {
    applying.reset(snapshot.index());
    persistTerm();
    long number = log.reset(snapshot);
    emit(new Effect.Reset(number, snapshot));
    return number;
  }

  // Effects.

  void send(long to, Message message) {
    emit(new Effect.Send(0, to, message));
  }

  void sendAfter(long number, long to, Message message) {
    emit(new Effect.Send(number, to, message));
  }

  void emit(Effect effect) {
    effects.emit(effect);
  }

  /** Gives what this step has emitted, and begins anew. */
  List<Effect> takeEffects() {
    return effects.take();
  }

  // Time.

  void tick(int newDice) {
    now++;
    dice = newDice;
  }

  long now() {
    return now;
  }

  int dice() {
    return dice;
  }

  /** The election timeout (thesis 3.4). */
  Countdown electionTimeout() {
    return new Countdown(now, config.electionTicks(), config.electionTicks());
  }

  /** The wait between two PreVotes without a leader: short, as a PreVote changes no state. */
  Countdown retry() {
    return new Countdown(now, RETRY_LEAST, RETRY_SPREAD);
  }

  /**
   * The wait for votes. It is short at first, because two followers of a dead leader often collide,
   * and doubles each time, so that slow disks and networks can elect a leader, too.
   */
  Countdown voteTimeout() {
    long least = (long) RETRY_LEAST << Math.min(electionsLost, 20);
    int bounded = (int) Math.min(least, config.electionTicks());
    return new Countdown(now, bounded, bounded);
  }

  void electionLost() {
    electionsLost++;
  }

  void electionSettled() {
    electionsLost = 0;
  }

  // Voters.

  Configuration configuration() {
    return log.configuration();
  }

  boolean mayCampaign() {
    return !diskStalled && !incoming.installing() && Quorum.isVoter(configuration(), self);
  }

  void diskStalled(boolean stalled) {
    diskStalled = stalled;
  }

  /** All voters except this server. */
  List<Long> otherVoters() {
    return others(configuration().voters(), configuration().oldVoters(), List.of());
  }

  /** All servers except this one. */
  List<Long> others() {
    Configuration configuration = configuration();
    return others(configuration.voters(), configuration.oldVoters(), configuration.learners());
  }

  private List<Long> others(List<Long> voters, List<Long> oldVoters, List<Long> learners) {
    List<Long> others = new ArrayList<>(voters);
    oldVoters.stream().filter(id -> !others.contains(id)).forEach(others::add);
    learners.stream().filter(id -> !others.contains(id)).forEach(others::add);
    others.remove(self);
    return others;
  }

  // Numbers that are never used twice in a run.

  /** A new read round; term and round are unique, because a server leads a term in one run only. */
  long nextRound() {
    return ++newestRound;
  }

  long newestRound() {
    return newestRound;
  }

  /**
   * The number of a new read index request. A late answer to a request of an earlier run may arrive
   * in the same term: the random part of the number distinguishes the two.
   */
  long nextRequest() {
    return ((long) dice << Integer.SIZE) | (++newestRequest & 0xffff_ffffL);
  }

  /** Whether a tick has brought a random number in this run. */
  boolean hasDice() {
    return now > 0;
  }
}
