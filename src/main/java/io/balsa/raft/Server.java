package io.balsa.raft;

import io.balsa.bytes.Check;
import java.util.ArrayList;
import java.util.List;

/** What every server has, whatever its role (thesis figure 3.1), and the effects of this step. */
final class Server {
  /** A lone server's next try, in ticks: soon, and random, so that two do not go on colliding. */
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
  private boolean termUnwritten;
  private long termWrite;

  private long now;
  private int dice;
  private boolean diskStalled;
  private long newestRound;
  private long newestQuestion;
  private int electionsLost;
  private List<Effect> effects = new ArrayList<>();

  Server(RaftConfig config, Recovered recovered) {
    this.config = config;
    self = config.self();
    log = new RaftLog(config.recentBytesMax(), recovered);
    applying = new Applying(log, config.unappliedBytesMax(), recovered.applied());
    loads = new Loads(log, config.messageBytesMax());
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

  /** Enters a later term; written at the latest at the end of the step. */
  void enterTerm(long term, long vote) {
    Check.that(term > currentTerm, "terms only grow");
    currentTerm = term;
    votedFor = vote;
    termUnwritten = true;
  }

  void voteFor(long candidate) {
    Check.that(votedFor == 0 || votedFor == candidate, "one vote in a term");
    if (votedFor != candidate) {
      votedFor = candidate;
      termUnwritten = true;
    }
  }

  /** The number to wait for until term and vote are durable, 0 when they are; starts the write. */
  long writeTerm() {
    if (termUnwritten) {
      termWrite = log.persists().begin(0);
      effects.add(new Effect.Persist(termWrite, currentTerm, votedFor, List.of()));
      termUnwritten = false;
    }
    return log.persists().whileUnderWay(termWrite);
  }

  // The log.

  void append(List<Entry> entries) {
    long number = log.append(entries);
    effects.add(new Effect.Persist(number, currentTerm, votedFor, entries));
    if (termUnwritten) {
      termWrite = number;
      termUnwritten = false;
    }
  }

  /** The number to wait for until the term, and the log up to an index, are durable. */
  long durable(long index) {
    return Math.max(writeTerm(), log.persists().covering(index));
  }

  /** Puts an installed snapshot in the place of the log, and gives the number to wait for. */
  long reset(Snapshot snapshot) {
    applying.reset(snapshot.index());
    writeTerm();
    long number = log.reset(snapshot);
    effects.add(new Effect.Reset(number, snapshot));
    return number;
  }

  // Effects.

  void send(long to, Message message) {
    effects.add(new Effect.Send(0, to, message));
  }

  void sendAfter(long number, long to, Message message) {
    effects.add(new Effect.Send(number, to, message));
  }

  void emit(Effect effect) {
    effects.add(effect);
  }

  List<Effect> effects() {
    return effects;
  }

  List<Effect> takeEffects() {
    if (effects.isEmpty()) {
      return List.of();
    }
    List<Effect> taken = effects;
    effects = new ArrayList<>();
    return taken;
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

  /** The wait for a silent leader (thesis 3.4). */
  Countdown electionTimeout() {
    return new Countdown(now, config.electionTicks(), config.electionTicks());
  }

  /** The wait while nobody leads: a PreVote disturbs nobody, so the next one comes soon. */
  Countdown retry() {
    return new Countdown(now, RETRY_LEAST, RETRY_SPREAD);
  }

  /**
   * The wait for the votes: short at first, because two survivors of a dead leader often collide,
   * and twice as long each time, so that slow disks and networks elect as well.
   */
  Countdown voteTimeout() {
    long least = (long) RETRY_LEAST << Math.min(electionsLost, 20);
    int bounded = (int) Math.min(least, config.electionTicks());
    return new Countdown(now, bounded, bounded);
  }

  void electionLost() {
    electionsLost++;
  }

  void electionWon() {
    electionsLost = 0;
  }

  // Who and whether.

  Configuration configuration() {
    return log.configuration();
  }

  boolean mayCampaign() {
    return !diskStalled && !incoming.installing() && Quorum.isVoter(configuration(), self);
  }

  void diskStalled(boolean stalled) {
    diskStalled = stalled;
  }

  /** Everybody but this server who votes. */
  List<Long> otherVoters() {
    return others(configuration().voters(), configuration().oldVoters(), List.of());
  }

  /** Everybody but this server. */
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

  /** A new read round; with the term it is unique for ever, for a term is led in one run only. */
  long nextRound() {
    return ++newestRound;
  }

  long newestRound() {
    return newestRound;
  }

  /**
   * A new question to the leader. The term may outlast this run, and with it a late answer to an
   * earlier run's question: the dice tell them apart.
   */
  long nextQuestion() {
    return ((long) dice << Integer.SIZE) | (++newestQuestion & 0xffff_ffffL);
  }

  /** Whether there were dice in this run. */
  boolean hasDice() {
    return now > 0;
  }
}
