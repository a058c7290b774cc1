package io.balsa.frames;

/**
 * Decides how long a connection is not read because its client resets calls that have just begun
 * (CVE-2023-44487). The event loop would serve nobody else while it begins and ends calls that
 * nobody waits for.
 *
 * <p>Only resets of new calls count ({@link #NEW_NANOS}). Resets of older ones are mostly timeouts,
 * and the number of open calls limits them. Otherwise a server that stood still would punish its
 * clients for their timeouts, and the pause would cause the next ones. Used by the event loop of
 * the connection.
 */
public final class ResetBrake {
  /** What a read of the connection shows. */
  public enum Verdict {
    /** Nothing is wrong. */
    READ,
    /** The first resets of a window that are too many. */
    FIRST_PAUSE,
    /** More of them. */
    PAUSE,
    /** They do not end. */
    CLOSE
  }

  /**
   * Calls that a connection may reset in a window without being slowed down. It may reset more if
   * in this and the last window they are fewer than half of its calls: a proxy carries the calls of
   * many clients.
   */
  private static final int FREE = 200;

  /** The pause for each further reset, and the most from any moment on. */
  private static final long PAUSE_NANOS = 8_000_000;

  private static final long PAUSE_NANOS_MAX = 2_000_000_000;

  private static final long WINDOW_NANOS = 10_000_000_000L;

  /** After so many windows in a row with too many resets, the connection is closed. */
  private static final int BRAKED_WINDOWS_MAX = 3;

  /** A call is new for this time at least, and for twice this time at most. */
  private static final long NEW_NANOS = 500_000_000;

  private final Http2Frames frames;
  private boolean begun;

  /** When the present window began, and the resets that were seen. */
  private long windowNanos;

  private long resetsSeen;

  /** Resets and calls before the present window, and before the last one. */
  private long resetsBefore;

  private long resetsBeforeLast;
  private long callsBefore;
  private long callsBeforeLast;

  /** Windows in a row in which it was braked. */
  private int brakedWindows;

  private long pauseEnds;

  /** When the connection was read last, and when the last stream was noted. */
  private long readNanos;

  private long notedNanos;
  private int noted;

  /**
   * @param frames counts the calls and their resets
   */
  public ResetBrake(Http2Frames frames) {
    this.frames = frames;
  }

  /**
   * Notes that bytes have come which the frames have not seen yet.
   *
   * @param nanos the time now, in monotonic nanoseconds
   */
  public void comes(long nanos) {
    if (!begun) {
      begun = true;
      windowNanos = nanos;
      pauseEnds = nanos;
      readNanos = nanos;
      notedNanos = nanos;
    }
    if (nanos - windowNanos > WINDOW_NANOS) {
      brakedWindows = areTooMany() ? brakedWindows + 1 : 0;
      windowNanos = nanos;
      resetsBeforeLast = resetsBefore;
      resetsBefore = frames.newResets();
      callsBeforeLast = callsBefore;
      callsBefore = frames.headersEnded();
    }
    noteOldCalls(nanos);
    readNanos = nanos;
  }

  private void noteOldCalls(long nanos) {
    int last = frames.lastStream();
    if (nanos - readNanos >= NEW_NANOS) {
      frames.areOldUpTo(last);
      noted = last;
      notedNanos = nanos;
    } else if (nanos - notedNanos >= NEW_NANOS) {
      frames.areOldUpTo(noted);
      noted = last;
      notedNanos = nanos;
    }
  }

  /** Judges the resets that have come since the last time, and prolongs the pause for them. */
  public Verdict judge(long nanos) {
    long more = frames.newResets() - resetsSeen;
    if (more == 0) {
      return Verdict.READ;
    }
    boolean first = !areTooMany();
    resetsSeen += more;
    if (brakedWindows == BRAKED_WINDOWS_MAX) {
      return Verdict.CLOSE;
    }
    if (!areTooMany()) {
      return Verdict.READ;
    }
    long longer = Math.max(0, pauseNanos(nanos)) + PAUSE_NANOS * more;
    pauseEnds = nanos + Math.min(PAUSE_NANOS_MAX, longer);
    return first ? Verdict.FIRST_PAUSE : Verdict.PAUSE;
  }

  /** How long the pause still is; not positive if it is over. */
  public long pauseNanos(long nanos) {
    return pauseEnds - nanos;
  }

  /** Whether the resets are more than those of a busy client. */
  private boolean areTooMany() {
    long calls = frames.headersEnded() - callsBeforeLast;
    return resetsSeen - resetsBefore > FREE && 2 * (resetsSeen - resetsBeforeLast) > calls;
  }
}
