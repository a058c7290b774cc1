package io.balsa.sim;

import io.balsa.bytes.Bytes;
import java.io.PrintStream;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The events of a run: as lines for people, and as a hash that equal runs share. */
final class Trace {
  private final @Nullable PrintStream out;
  private long hash = 1;

  /**
   * A trace.
   *
   * @param out gets the lines; null for none
   */
  Trace(@Nullable PrintStream out) {
    this.out = out;
  }

  /** The hash of all events so far. */
  long hash() {
    return hash;
  }

  /** An event: only in the hash, because there are too many to print. */
  void event(long at, long host, String what) {
    mix(at);
    mix(host);
    mix(what.hashCode());
  }

  /** A machine sends a frame. */
  void frame(long from, long to, Bytes frame) {
    mix(from);
    mix(to);
    mix(frame.hashCode());
  }

  /** A note that explains a run: in the hash and printed. */
  void note(long at, long host, String what, Object detail) {
    event(at, host, what);
    mix(detail.toString().hashCode());
    line(at, host, what, detail);
  }

  /** A line that is printed only. */
  void line(long at, long host, String what, Object detail) {
    if (out != null) {
      out.printf("%s %s %s %s%n", seconds(at), host == 0 ? "--" : "s" + host, what, detail);
    }
  }

  /** Whether lines are printed. */
  boolean isRead() {
    return out != null;
  }

  private void mix(long value) {
    hash = (hash ^ value) * 0x9E3779B97F4A7C15L;
    hash ^= hash >>> 32;
  }

  static String seconds(long nanos) {
    return String.format(Locale.ROOT, "%.6f s", nanos / 1e9);
  }

  /** An exception and its origin, in one line. */
  static String of(Throwable thrown) {
    StringBuilder text = new StringBuilder(thrown.toString());
    for (int i = 0; i < Math.min(8, thrown.getStackTrace().length); i++) {
      text.append(" < ").append(thrown.getStackTrace()[i]);
    }
    return thrown.getCause() == null ? text.toString() : text + " because " + of(thrown.getCause());
  }
}
