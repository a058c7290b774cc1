package io.balsa.tls;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** The thread of the process that looks at all files for TLS once a second. */
final class FileLook {
  private static final long MILLIS = 1_000;

  private static final List<TlsSource> SOURCES = new CopyOnWriteArrayList<>();

  private FileLook() {}

  private static final class Holder {
    private static final ScheduledExecutorService THREAD =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "tls-files");
              thread.setDaemon(true);
              return thread;
            });

    static {
      var _ = THREAD.scheduleWithFixedDelay(FileLook::look, MILLIS, MILLIS, TimeUnit.MILLISECONDS);
    }

    static void begin() {}
  }

  static void add(TlsSource source) {
    SOURCES.add(source);
    Holder.begin();
  }

  static void remove(TlsSource source) {
    SOURCES.remove(source);
  }

  private static void look() {
    for (TlsSource source : SOURCES) {
      try {
        source.look();
      } catch (RuntimeException
          | Error e) { // thread root: one set of files must not stop the others
        source.failed(e);
      }
    }
  }
}
