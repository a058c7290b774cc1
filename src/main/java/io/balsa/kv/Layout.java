package io.balsa.kv;

import io.balsa.bytes.Bytes;
import io.balsa.bytes.Check;

/**
 * Where things stand in the ordered store. The first byte names the space:
 *
 * <ol>
 *   <li>{@code a} lease id, key: that a key that is there hangs on a lease.
 *   <li>{@code c} key: the newest version of a key that is there, so that a newest read is one get
 *       and a newest range one scan.
 *   <li>{@code h} escaped key, inverted revision: superseded versions, newest first.
 *   <li>{@code l} lease id: a lease.
 *   <li>{@code m} name: the store's own state.
 *   <li>{@code o} index of an entry: the client that wrote with it, last or not much later.
 *   <li>{@code p} index of an entry: the same of a client that is forgotten.
 *   <li>{@code r} revision, number within it: what changed, in order.
 *   <li>{@code s} client, place on its ring: a write of the client's and its result.
 * </ol>
 */
final class Layout {
  private static final int ATTACHED = 'a';
  private static final int CURRENT = 'c';
  private static final int HISTORY = 'h';
  private static final int LEASE = 'l';
  private static final int META = 'm';
  private static final int USE = 'o';
  private static final int PAST_USE = 'p';
  private static final int REVISION = 'r';
  private static final int REMEMBERED = 's';

  /** After the escaped key in the history; sorts before every escaped zero. */
  private static final int KEY_ENDS = 0x01;

  private static final int ZERO_ESCAPED = 0xff;

  private Layout() {}

  static Bytes meta(String name) {
    return new Encoder(1 + name.length()).octet(META).raw(Bytes.utf8(name)).done();
  }

  static Bytes current(Bytes key) {
    byte[] row = new byte[1 + key.size()];
    row[0] = CURRENT;
    key.copyTo(row, 1);
    return Bytes.wrap(row);
  }

  static Bytes currentEnd(Span span) {
    return span.unbounded() ? Bytes.of(CURRENT + 1) : current(span.rangeEnd());
  }

  static Bytes keyOfCurrent(Bytes row) {
    return row.from(1);
  }

  /** Before all versions of a key in the history. */
  static Bytes history(Bytes key) {
    return escaped(key).done();
  }

  static Bytes history(Bytes key, long modRevision) {
    return escaped(key).ordered(~modRevision).done();
  }

  static Bytes historyEnd(Span span) {
    return span.unbounded() ? historyEnd() : history(span.rangeEnd());
  }

  /** After all versions of a key in the history. */
  static Bytes historyEnd(Bytes key) {
    return history(key.next());
  }

  static Bytes historyStart() {
    return Bytes.of(HISTORY);
  }

  static Bytes historyEnd() {
    return Bytes.of(HISTORY + 1);
  }

  /** The key of a history row as it stands there: equal for versions of one key. */
  static Bytes storedKeyOfHistory(Bytes row) {
    return row.slice(0, row.size() - Long.BYTES);
  }

  static Bytes keyOfHistory(Bytes row) {
    int end = row.size() - Long.BYTES - 2;
    Check.that(row.at(end) == 0 && row.at(end + 1) == KEY_ENDS, "a history row's key has its end");
    Encoder key = new Encoder(end);
    for (int i = 1; i < end; i++) {
      key.octet(row.at(i));
      if (row.at(i) == 0) {
        i++;
      }
    }
    return key.done();
  }

  static Bytes revision(long revision, int number) {
    return new Encoder(13).octet(REVISION).ordered(revision).ordered(number).done();
  }

  static long revisionOf(Bytes row) {
    return row.slice(1, 1 + Long.BYTES).buffer().getLong();
  }

  static Bytes lease(long id) {
    return new Encoder(9).octet(LEASE).ordered(id).done();
  }

  static Bytes leasesStart() {
    return Bytes.of(LEASE);
  }

  static Bytes leasesEnd() {
    return Bytes.of(LEASE + 1);
  }

  static long leaseOf(Bytes row) {
    return row.from(1).buffer().getLong();
  }

  static Bytes attached(long lease, Bytes key) {
    return new Encoder(9 + key.size()).octet(ATTACHED).ordered(lease).raw(key).done();
  }

  /** After all keys that hang on a lease. */
  static Bytes attachedEnd(long lease) {
    return lease == -1 ? Bytes.of(ATTACHED + 1) : attached(lease + 1, Bytes.EMPTY);
  }

  static Bytes keyOfAttached(Bytes row) {
    return row.from(1 + Long.BYTES);
  }

  static Bytes use(long index) {
    return new Encoder(9).octet(USE).ordered(index).done();
  }

  static Bytes usesStart() {
    return Bytes.of(USE);
  }

  static Bytes usesEnd() {
    return Bytes.of(USE + 1);
  }

  static long useOf(Bytes row) {
    return row.from(1).buffer().getLong();
  }

  /** Of a client that is forgotten. */
  static Bytes pastUse(long index) {
    return new Encoder(9).octet(PAST_USE).ordered(index).done();
  }

  static Bytes pastUsesStart() {
    return Bytes.of(PAST_USE);
  }

  static Bytes pastUsesEnd() {
    return Bytes.of(PAST_USE + 1);
  }

  static Bytes remembered(long client, int place) {
    return new Encoder(10).octet(REMEMBERED).ordered(client).octet(place).done();
  }

  private static Encoder escaped(Bytes key) {
    Encoder row = new Encoder(key.size() + 13).octet(HISTORY);
    for (int i = 0; i < key.size(); i++) {
      row.octet(key.at(i));
      if (key.at(i) == 0) {
        row.octet(ZERO_ESCAPED);
      }
    }
    return row.octet(0).octet(KEY_ENDS);
  }
}
