package io.balsa.tls;

import java.time.Duration;

/** Hears what happens to a set of files; on a thread of this room. */
public interface TlsListener {
  /** Hears nothing. */
  TlsListener NONE =
      new TlsListener() {
        @Override
        public void reloaded(String files) {}

        @Override
        public void refused(String line) {}

        @Override
        public void expires(String file, Duration left) {}
      };

  /** New connections use newer files from now on. */
  void reloaded(String files);

  /**
   * The files cannot be used as they are now, so the older ones are in use. Told once for each
   * reason, when it has lasted for a second: files may be written one after the other.
   *
   * @param line what is wrong, with the file
   */
  void refused(String line);

  /**
   * An own certificate ends within 30 days, or has ended; told once a day.
   *
   * @param left until then; negative when it has ended
   */
  void expires(String file, Duration left);
}
