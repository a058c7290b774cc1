package io.balsa.raft;

import io.balsa.raft.Message.AppendEntries;
import io.balsa.raft.Message.InstallSnapshot;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Checks whether a message can come from a server that follows the rules. The check comes before
 * any effect of the message: a wrong term or entry, once persisted, would survive every restart.
 */
final class Credibility {
  /**
   * The most terms that a message may be ahead of this server. Each election takes one term and at
   * least some tens of milliseconds, so no server that uses PreVote falls so far behind. From term
   * 0, more than 10^12 messages are needed to reach the last term of a long.
   */
  static final long TERM_STEP_MAX = 1_000_000;

  /** The largest credible term, so that there is always a next term. */
  static final long TERM_MAX = 1L << 62;

  private final ServerState server;
  private final RoleState state;
  private final long from;
  private final boolean ofThisTerm;

  private Credibility(ServerState server, RoleState state, long from, Message message) {
    this.server = server;
    this.state = state;
    this.from = from;
    ofThisTerm = message.term() == server.currentTerm();
  }

  /** The reason not to believe a message; null for a credible one. */
  static @Nullable Disbelief of(ServerState server, RoleState state, long from, Message message) {
    if (!isNear(server.currentTerm(), message.term())) {
      return Disbelief.TERM;
    }
    if (message.term() < server.currentTerm()) {
      return null; // at most answered; nothing of it is kept
    }
    return new Credibility(server, state, from, message).of(message);
  }

  private static boolean isNear(long ours, long term) {
    return term >= 0 && term <= Math.min(ours + TERM_STEP_MAX, TERM_MAX);
  }

  private @Nullable Disbelief of(Message message) {
    return switch (message) {
      case AppendEntries m -> ofAppend(m);
      case Message.Heartbeat m ->
          ofLeader(unless(m.commitIndex() >= 0 && m.round() >= 0, Disbelief.FIELDS));
      case InstallSnapshot m -> ofLeader(unless(isPossible(m), Disbelief.FIELDS));
      case Message.TimeoutNow _ -> ofLeader(null);
      case Message.AppendEntriesReply m -> unless(mayMatch(m.matchIndex()), Disbelief.ANSWER);
      case Message.AppendEntriesRejected m ->
          unless(m.prevIndex() >= 0 && m.hint().index() >= 0, Disbelief.FIELDS);
      case Message.HeartbeatReply m ->
          unless(!leads() || m.round() <= server.newestRound(), Disbelief.ANSWER);
      case Message.InstallSnapshotReply m ->
          unless(
              m.nextOffset() >= 0 && (!m.installed() || mayMatch(m.snapshotIndex())),
              Disbelief.ANSWER);
      case Message.PreVote _, Message.RequestVote _ -> null; // their log positions are not kept
      case Message.PreVoteReply _, Message.RequestVoteReply _ -> null;
      case Message.ReadIndexRequest _, Message.ReadIndexReply _ -> null;
      case Message.ForwardProposals _, Message.ForwardRefused _ -> null;
    };
  }

  private static @Nullable Disbelief unless(boolean credible, Disbelief otherwise) {
    return credible ? null : otherwise;
  }

  private boolean leads() {
    return ofThisTerm && state.role() == Role.LEADER;
  }

  /** A term has one leader (thesis 3.4). */
  private @Nullable Disbelief ofLeader(@Nullable Disbelief otherwise) {
    boolean another = ofThisTerm && state.leader() != 0 && state.leader() != from;
    return another ? Disbelief.IMPOSTOR : otherwise;
  }

  private static boolean isPlace(LogPosition place, long term) {
    return place.index() >= 0 && place.term() >= 0 && place.term() <= term;
  }

  /** A follower cannot match more than its leader's log. */
  private boolean mayMatch(long index) {
    return index >= 0 && (!leads() || index <= server.log.last().index());
  }

  private static boolean isPossible(InstallSnapshot message) {
    Snapshot snapshot = message.snapshot();
    return isPlace(snapshot.position(), message.term())
        && message.offset() >= 0
        && message.offset() <= Long.MAX_VALUE - message.data().size()
        && !snapshot.configuration().voters().isEmpty();
  }

  // Entries.

  private @Nullable Disbelief ofAppend(AppendEntries message) {
    if (!isPlace(message.prev(), message.term()) || message.commitIndex() < 0) {
      return Disbelief.FIELDS;
    }
    Disbelief ofLeader = ofLeader(null);
    if (ofLeader != null) {
      return ofLeader;
    }
    if (!areEntriesOfALog(message)) {
      return Disbelief.ENTRIES;
    }
    return unless(keepsWhatIsCommitted(message), Disbelief.CONFLICT);
  }

  /** Whether entries are consecutive, with ascending terms up to the message's, and well formed. */
  private static boolean areEntriesOfALog(AppendEntries message) {
    List<Entry> entries = message.entries();
    long index = message.prev().index();
    long term = message.prev().term();
    if (index > Long.MAX_VALUE - entries.size()) {
      return false;
    }
    for (int i = 0; i < entries.size(); i++) {
      Entry entry = entries.get(i);
      index++;
      if (entry.index() != index || entry.term() < term || !holdsWhatItSays(entry)) {
        return false;
      }
      term = entry.term();
    }
    return term <= message.term();
  }

  private static boolean holdsWhatItSays(Entry entry) {
    return switch (entry.kind()) {
      case NO_OP -> entry.payload().isEmpty();
      case COMMAND -> true; // the driver decodes commands
      case CONFIGURATION -> isConfiguration(entry);
    };
  }

  private static boolean isConfiguration(Entry entry) {
    try {
      return !Configuration.decode(entry.payload()).voters().isEmpty();
    } catch (IllegalArgumentException _) {
      return false;
    }
  }

  /** Every leader has all committed entries (Leader Completeness, thesis 3.6.3). */
  private boolean keepsWhatIsCommitted(AppendEntries message) {
    long committed = server.applying.commitIndex();
    if (!agrees(message.prev(), committed)) {
      return false;
    }
    List<Entry> entries = message.entries();
    for (int i = 0; i < entries.size() && entries.get(i).index() <= committed; i++) {
      if (!agrees(entries.get(i).position(), committed)) {
        return false;
      }
    }
    return true;
  }

  private boolean agrees(LogPosition place, long committed) {
    RaftLog log = server.log;
    return place.index() > committed || place.index() < log.start().index() || log.contains(place);
  }
}
