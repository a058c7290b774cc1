package io.balsa.tls;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A set of files for TLS, and what was last read of it. A thread of the process looks at the files
 * once a second. A newer set is used from then on if it fits together: a certificate without its
 * key, or half a file, changes nothing. It is taken as a whole: when one of those who follow the
 * source cannot use it, all keep the older one. Safe for all threads.
 */
public final class TlsSource implements AutoCloseable {
  private static final Duration DAY = Duration.ofDays(1);

  private final TlsFiles files;
  private final TlsListener listener;
  private final InstantSource clock;
  private final List<Use> uses = new CopyOnWriteArrayList<>();
  private final ReentrantLock changing = new ReentrantLock();
  private volatile TlsMaterial newest;
  private TlsMaterial.Contents taken; // guarded by changing

  private String trouble = "";
  private boolean told;
  private @Nullable Instant toldExpiry;
  private long reloads;
  private long refusals;

  /** Follows a source. */
  @FunctionalInterface
  interface Use {
    /**
     * Prepares for a newer set, on a thread of this room, so it must be short.
     *
     * @return puts the set into force; it must not fail
     * @throws TlsFailure when it cannot be used
     */
    Runnable prepare(TlsMaterial material) throws TlsFailure;
  }

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

  /** Held during a change, from the reading until all use the newer set. */
  ReentrantLock changing() {
    return changing;
  }

  void follow(Use use) {
    uses.add(use);
  }

  void forget(Use use) {
    uses.remove(use);
  }

  /** Looks at the files now. */
  public void look() {
    changing.lock();
    try {
      if (take()) {
        listener.reloaded(
            files.all().stream().map(Path::toString).collect(Collectors.joining(", ")));
      }
    } catch (TlsFailure e) {
      refuse(e.line());
    } finally {
      changing.unlock();
    }
    tellExpiry();
  }

  /** Takes a newer set if there is a good one. It counts as taken when all use it. */
  private boolean take() throws TlsFailure {
    TlsMaterial.Contents contents = TlsMaterial.Contents.of(files);
    boolean changed = !contents.isSame(taken);
    if (changed) {
      TlsMaterial material = TlsMaterial.of(files, contents);
      List<Runnable> prepared = new ArrayList<>();
      for (Use each : uses) {
        prepared.add(each.prepare(material));
      }
      newest = material;
      prepared.forEach(Runnable::run);
      taken = contents;
    }
    synchronized (this) {
      trouble = "";
      reloads += changed ? 1 : 0;
    }
    return changed;
  }

  private synchronized void refuse(String line) {
    if (!trouble.equals(line)) {
      trouble = line;
      told = false;
    } else if (!told) {
      told = true;
      refusals++;
      listener.refused(line);
    }
  }

  /** A failure that nobody foresaw: the files are tried again at the next look. */
  void failed(Throwable e) {
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
