package io.balsa.queue;

import io.balsa.bytes.Bytes;

/**
 * The keys of one queue: all keys with its prefix. Each waiter has one key, on a lease of its own.
 * The key that was created first belongs to the holder of the lock, or to the elected leader. The
 * layout is that of etcd's {@code client/v3/concurrency}.
 *
 * @param prefix ends with a slash
 */
public record QueueKeys(Bytes prefix) {
  private static final Bytes SLASH = Bytes.utf8("/");

  /** The keys of the lock or election with this name. */
  public static QueueKeys named(Bytes name) {
    return new QueueKeys(name.concat(SLASH));
  }

  /** The end of the range of keys, exclusive. */
  public Bytes end() {
    return prefix.slice(0, prefix.size() - 1).concat(Bytes.of('/' + 1));
  }

  /** The key of the waiter with this lease: the lease in hexadecimal, as Go prints it. */
  public Bytes key(long lease) {
    String hex = lease < 0 ? "-" + Long.toHexString(-lease) : Long.toHexString(lease);
    return prefix.concat(Bytes.utf8(hex));
  }

  /** Finds the key of the holder or leader. */
  public KeySearch first() {
    return new KeySearch(prefix, end(), KeySearch.Order.OLDEST, 0);
  }

  /** Finds the key that was created last of those before a create revision. */
  KeySearch lastBefore(long createRevision) {
    return new KeySearch(prefix, end(), KeySearch.Order.NEWEST, createRevision - 1);
  }
}
