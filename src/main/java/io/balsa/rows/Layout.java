package io.balsa.rows;

import io.balsa.bytes.ByteWriter;
import io.balsa.bytes.Bytes;
import io.balsa.bytes.Check;
import io.balsa.model.Span;

/**
 * The keys of the rows in the ordered store. The first byte names the space:
 *
 * <ol>
 *   <li>{@code a} lease id, key: a live key that is attached to a lease.
 *   <li>{@code c} key: the newest version of a live key. A newest read is one get, a newest range
 *       one scan.
 *   <li>{@code d} revision: the number and bytes of the keys that a tombstone of that revision
 *       deleted, once all are swept.
 *   <li>{@code h} escaped key, inverted revision: superseded versions, newest first.
 *   <li>{@code k} digest: a token of a user.
 *   <li>{@code l} lease id: a lease.
 *   <li>{@code m} name: the store's own state.
 *   <li>{@code o} index of an entry: the client that wrote with it, last or not much later.
 *   <li>{@code p} index of an entry: the same of a client that is forgotten.
 *   <li>{@code r} revision, number within it: what changed, in order. The changes of a tombstone's
 *       revision have a number that is the same for all, and then their key.
 *   <li>{@code s} client, place on its ring: a write of the client's and its result.
 *   <li>{@code t} revision: a tombstone whose keys are not all swept.
 *   <li>{@code u} name: a user.
 *   <li>{@code v} name: a role.
 * </ol>
 */
public final class Layout {
  private static final int ATTACHED = 'a';
  private static final int CURRENT = 'c';
  private static final int REST = 'd';
  private static final int HISTORY = 'h';
  private static final int TOKEN = 'k';
  private static final int LEASE = 'l';
  private static final int META = 'm';
  private static final int USE = 'o';
  private static final int PAST_USE = 'p';
  private static final int REVISION = 'r';
  private static final int REMEMBERED = 's';
  private static final int TOMBSTONE = 't';
  private static final int USER = 'u';
  private static final int ROLE = 'v';

  /** In the place of the number of a change that a sweep wrote. No number has the highest bit. */
  private static final int SWEPT = 0x8000_0000;

  /** After the escaped key in the history; sorts before every escaped zero. */
  private static final int KEY_ENDS = 0x01;

  private static final int ZERO_ESCAPED = 0xff;

  private Layout() {}

  public static Bytes meta(String name) {
    return new ByteWriter(1 + name.length()).u8(META).raw(Bytes.utf8(name)).done();
  }

  public static Bytes current(Bytes key) {
    byte[] row = new byte[1 + key.size()];
    row[0] = CURRENT;
    key.copyTo(row, 1);
    return Bytes.wrap(row);
  }

  public static Bytes currentEnd(Span span) {
    return span.unbounded() ? Bytes.of(CURRENT + 1) : current(span.rangeEnd());
  }

  public static Bytes keyOfCurrent(Bytes row) {
    return row.from(1);
  }

  /** Before all versions of a key in the history. */
  public static Bytes history(Bytes key) {
    return escaped(key).done();
  }

  public static Bytes history(Bytes key, long modRevision) {
    return escaped(key).fixed64(~modRevision).done();
  }

  public static Bytes historyEnd(Span span) {
    return span.unbounded() ? historyEnd() : history(span.rangeEnd());
  }

  /** After all versions of a key in the history. */
  public static Bytes historyEnd(Bytes key) {
    return history(key.next());
  }

  public static Bytes historyStart() {
    return Bytes.of(HISTORY);
  }

  public static Bytes historyEnd() {
    return Bytes.of(HISTORY + 1);
  }

  /** The key of a history row as it stands there: equal for versions of one key. */
  static Bytes storedKeyOfHistory(Bytes row) {
    return row.slice(0, row.size() - Long.BYTES);
  }

  public static Bytes keyOfHistory(Bytes row) {
    int end = row.size() - Long.BYTES - 2;
    Check.that(row.at(end) == 0 && row.at(end + 1) == KEY_ENDS, "a history row's key has its end");
    ByteWriter key = new ByteWriter(end);
    for (int i = 1; i < end; i++) {
      key.u8(row.at(i));
      if (row.at(i) == 0) {
        i++;
      }
    }
    return key.done();
  }

  public static Bytes revision(long revision, int number) {
    return new ByteWriter(13).u8(REVISION).fixed64(revision).fixed32(number).done();
  }

  /** A change of a tombstone's revision: in order of key, however they were swept. */
  public static Bytes swept(long revision, Bytes key) {
    return new ByteWriter(13 + key.size())
        .u8(REVISION)
        .fixed64(revision)
        .fixed32(SWEPT)
        .raw(key)
        .done();
  }

  public static Bytes tombstone(long revision) {
    return new ByteWriter(9).u8(TOMBSTONE).fixed64(revision).done();
  }

  static Bytes tombstonesStart() {
    return Bytes.of(TOMBSTONE);
  }

  static Bytes tombstonesEnd() {
    return Bytes.of(TOMBSTONE + 1);
  }

  public static Bytes rest(long revision) {
    return new ByteWriter(9).u8(REST).fixed64(revision).done();
  }

  /** The revision in a row of a change, a tombstone or what one deleted. */
  public static long revisionOf(Bytes row) {
    return row.slice(1, 1 + Long.BYTES).buffer().getLong();
  }

  public static Bytes lease(long id) {
    return new ByteWriter(9).u8(LEASE).fixed64(id).done();
  }

  static Bytes leasesStart() {
    return Bytes.of(LEASE);
  }

  static Bytes leasesEnd() {
    return Bytes.of(LEASE + 1);
  }

  public static long leaseOf(Bytes row) {
    return row.from(1).buffer().getLong();
  }

  public static Bytes attached(long lease, Bytes key) {
    return new ByteWriter(9 + key.size()).u8(ATTACHED).fixed64(lease).raw(key).done();
  }

  /** After all keys that hang on a lease. */
  public static Bytes attachedEnd(long lease) {
    return lease == -1 ? Bytes.of(ATTACHED + 1) : attached(lease + 1, Bytes.EMPTY);
  }

  public static Bytes keyOfAttached(Bytes row) {
    return row.from(1 + Long.BYTES);
  }

  public static Bytes use(long index) {
    return new ByteWriter(9).u8(USE).fixed64(index).done();
  }

  public static Bytes usesStart() {
    return Bytes.of(USE);
  }

  public static Bytes usesEnd() {
    return Bytes.of(USE + 1);
  }

  public static long useOf(Bytes row) {
    return row.from(1).buffer().getLong();
  }

  /** Of a client that is forgotten. */
  public static Bytes pastUse(long index) {
    return new ByteWriter(9).u8(PAST_USE).fixed64(index).done();
  }

  public static Bytes pastUsesStart() {
    return Bytes.of(PAST_USE);
  }

  public static Bytes pastUsesEnd() {
    return Bytes.of(PAST_USE + 1);
  }

  public static Bytes remembered(long client, int place) {
    return new ByteWriter(10).u8(REMEMBERED).fixed64(client).u8(place).done();
  }

  public static Bytes user(String name) {
    return named(USER, name);
  }

  public static Bytes usersStart() {
    return Bytes.of(USER);
  }

  public static Bytes usersEnd() {
    return Bytes.of(USER + 1);
  }

  public static Bytes role(String name) {
    return named(ROLE, name);
  }

  public static Bytes rolesStart() {
    return Bytes.of(ROLE);
  }

  public static Bytes rolesEnd() {
    return Bytes.of(ROLE + 1);
  }

  private static Bytes named(int space, String name) {
    return Bytes.of(space).concat(Bytes.utf8(name));
  }

  /** The name in a row of a user or a role. */
  public static String nameOf(Bytes row) {
    return row.from(1).utf8();
  }

  public static Bytes token(Bytes digest) {
    return Bytes.of(TOKEN).concat(digest);
  }

  public static Bytes tokensStart() {
    return Bytes.of(TOKEN);
  }

  public static Bytes tokensEnd() {
    return Bytes.of(TOKEN + 1);
  }

  public static Bytes digestOf(Bytes row) {
    return row.from(1);
  }

  private static ByteWriter escaped(Bytes key) {
    ByteWriter row = new ByteWriter(key.size() + 13).u8(HISTORY);
    for (int i = 0; i < key.size(); i++) {
      row.u8(key.at(i));
      if (key.at(i) == 0) {
        row.u8(ZERO_ESCAPED);
      }
    }
    return row.u8(0).u8(KEY_ENDS);
  }
}
