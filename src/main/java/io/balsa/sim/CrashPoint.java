package io.balsa.sim;

import io.balsa.raft.Message;
import io.balsa.wire.Frame;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A named place inside a step of a server, where its machine may lose power. There is one before
 * and after each kind of change of each kind of file, and before and after each kind of frame is
 * sent.
 *
 * @param number its index in the list of all points
 */
record CrashPoint(int number, String title) {
  /** The kind of a file. */
  enum Place {
    SEGMENT,
    SPARE,
    STORE,
    COMING_SNAPSHOT,
    GOING_SNAPSHOT,
    POINTER,
    DIRECTORY;

    static Place of(String path) {
      if (path.startsWith("wal/")) {
        return path.endsWith(".wal") ? SEGMENT : SPARE;
      } else if (path.contains(".incoming")) {
        return COMING_SNAPSHOT;
      } else if (path.startsWith("snapshots")) {
        return GOING_SNAPSHOT;
      } else if (path.startsWith("state/current")) {
        return POINTER;
      }
      return path.startsWith("state/") ? STORE : DIRECTORY;
    }
  }

  /** A kind of change on a disk. */
  enum Change {
    CREATE,
    WRITE,
    TRUNCATE,
    FORCE,
    RENAME,
    DELETE
  }

  private static final List<Place> PLACES = List.of(Place.values());
  private static final List<Change> CHANGES = List.of(Change.values());

  private static final List<String> FRAMES =
      List.of(
          "Hello",
          "Challenge",
          "Confirm",
          "Welcome",
          "Refuse",
          "StateHash",
          "EntriesQuestion",
          "EntriesAnswer",
          "PreVote",
          "PreVoteReply",
          "RequestVote",
          "RequestVoteReply",
          "AppendEntries",
          "AppendEntriesReply",
          "AppendEntriesRejected",
          "Heartbeat",
          "HeartbeatReply",
          "ReadIndexRequest",
          "ReadIndexReply",
          "ForwardProposals",
          "ForwardRefused",
          "TimeoutNow",
          "InstallSnapshot",
          "InstallSnapshotReply");

  private static final List<CrashPoint> ALL = all();

  private static List<CrashPoint> all() {
    List<CrashPoint> points = new ArrayList<>();
    for (Place place : Place.values()) {
      for (Change change : Change.values()) {
        String what = (change + " of " + place).toLowerCase(Locale.ROOT).replace('_', ' ');
        points.add(new CrashPoint(points.size(), "before " + what));
        points.add(new CrashPoint(points.size(), "after " + what));
      }
    }
    for (String frame : FRAMES) {
      points.add(new CrashPoint(points.size(), "before sending " + frame));
      points.add(new CrashPoint(points.size(), "after sending " + frame));
    }
    return points;
  }

  static CrashPoint of(int number) {
    return ALL.get(number);
  }

  /** The point before a change of a kind of file. */
  static int before(Place place, Change change) {
    return 2 * (PLACES.indexOf(place) * CHANGES.size() + CHANGES.indexOf(change));
  }

  /** The point before a kind of frame is sent. */
  static int beforeSending(String kind) {
    int frame = FRAMES.indexOf(kind);
    return frame < 0 ? -2 : 2 * (PLACES.size() * CHANGES.size() + frame);
  }

  /** The kind of a frame, as one word. */
  static String kindOf(Frame frame) {
    return frame instanceof Frame.Raft(Message message)
        ? message.getClass().getSimpleName()
        : frame.getClass().getSimpleName();
  }
}
