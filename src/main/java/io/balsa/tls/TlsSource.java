package io.balsa.tls;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A set of files for TLS, and what was last read of it. A thread of the process looks at the files
 * once a second. A newer set is used from then on if it fits together: a certificate without its
 * key, or half a file, changes nothing. Safe for all threads.
 */
public final class TlsSource implements AutoCloseable {
  private static final Duration DAY = Duration.ofDays(1);

  private final TlsFiles files;
  private final TlsListener listener;
  private final InstantSource clock;
  private final List<Runnable> changed = new CopyOnWriteArrayList<>();
  private volatile TlsMaterial newest;
  private TlsMaterial.Contents taken;

  private String trouble = "";
  private boolean told;
  private @Nullable Instant toldExpiry;
  private long reloads;
  private long refusals;

  private TlsSource(
      TlsFiles files, TlsListener listener, InstantSource clock, TlsMaterial.Contents contents)
      throws TlsFailure {
    this.files = files;
    this.listener = listener;
    this.clock = clock;
    this.taken = contents;
    this.newest = TlsMaterial.of(files, contents);
  }

  /**
   * Reads the files, and looks at them until {@link #close}.
   *
   * @throws TlsFailure when they cannot be used
   */
  public static TlsSource open(TlsFiles files, TlsListener listener) throws TlsFailure {
    TlsSource source = unwatched(files, listener, InstantSource.system());
    if (!files.all().isEmpty()) {
      FileLook.add(source);
    }
    return source;
  }

  /** A source whose files are looked at when {@link #look} is called. */
  static TlsSource unwatched(TlsFiles files, TlsListener listener, InstantSource clock)
      throws TlsFailure {
    return new TlsSource(files, listener, clock, TlsMaterial.Contents.of(files));
  }

  /** Which files. */
  public TlsFiles files() {
    return files;
  }

  TlsMaterial newest() {
    return newest;
  }

  /** Runs a task after each change; on a thread of this room, so it must be short. */
  void onChange(Runnable task) {
    changed.add(task);
  }

  void forget(Runnable task) {
    changed.remove(task);
  }

  /** Looks at the files now. */
  public void look() {
    if (take()) {
      listener.reloaded(files.all().stream().map(Path::toString).collect(Collectors.joining(", ")));
      changed.forEach(Runnable::run);
    }
    tellExpiry();
  }

  /** Takes a newer set if there is a good one. */
  private synchronized boolean take() {
    try {
      TlsMaterial.Contents contents = TlsMaterial.Contents.of(files);
      if (contents.isSame(taken)) {
        trouble = "";
        return false;
      }
      newest = TlsMaterial.of(files, contents);
      taken = contents;
      trouble = "";
      reloads++;
      return true;
    } catch (TlsFailure e) {
      refuse(e.line());
      return false;
    }
  }

  private void refuse(String line) {
    if (!trouble.equals(line)) {
      trouble = line;
      told = false;
    } else if (!told) {
      told = true;
      refusals++;
      listener.refused(line);
    }
  }

  /** A failure that nobody foresaw: the older files stay in use. */
  synchronized void failed(RuntimeException e) {
    refuse("the files for TLS cannot be read: " + e);
  }

  private void tellExpiry() {
    Instant now = clock.instant();
    Duration left = Duration.between(now, expires(newest));
    synchronized (this) {
      boolean due = toldExpiry == null || !now.isBefore(toldExpiry.plus(DAY));
      if (left.compareTo(TlsHealth.SOON) > 0 || !due) {
        return;
      }
      toldExpiry = now;
    }
    listener.expires(String.valueOf(files.certificate()), left);
  }

  private static Instant expires(TlsMaterial material) {
    TlsIdentity own = material.own();
    TlsIdentity client = material.forServers();
    Instant first = own == null ? Instant.MAX : own.expires();
    return client == null || client.expires().isAfter(first) ? first : client.expires();
  }

  /** How the files are. */
  public synchronized TlsHealth health() {
    Instant ends = expires(newest);
    List<String> troubles = new ArrayList<>();
    if (!trouble.isEmpty()) {
      troubles.add(trouble);
    }
    Duration left = Duration.between(clock.instant(), ends);
    if (left.isNegative()) {
      troubles.add(files.certificate() + ": the certificate has ended at " + ends);
    } else if (left.compareTo(TlsHealth.SOON) <= 0) {
      troubles.add(files.certificate() + ": the certificate ends at " + ends);
    }
    return new TlsHealth(ends, troubles, reloads, refusals, !trouble.isEmpty());
  }

  /** Looks at the files no more. Connections can still be made. */
  @Override
  public void close() {
    FileLook.remove(this);
  }
}
