package io.balsa.check;

import io.balsa.bytes.Bytes;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A key of an etcd store. A change takes a revision greater than all revisions before it.
 * Operations whose answers have a revision are ordered by it, so little is left to search. A
 * revision that no answer has is stored as the negative of its smallest possible value, until a
 * read reports it.
 */
final class KvModel implements Model<KvModel.Key> {
  private static final Key ABSENT = new Key(null, 0, 0, 0, 0);

  /**
   * The state of a key.
   *
   * @param floor the smallest revision that the store can have in this state
   */
  record Key(@Nullable Bytes value, long create, long mod, long version, long floor) {
    Bytes before() {
      return value == null ? Bytes.EMPTY : value;
    }
  }

  @Override
  public Key initial() {
    return ABSENT;
  }

  @Override
  public long rank(Operation operation) {
    return switch (operation.answer()) {
      case Answer.Unknown _ -> UNRANKED;
      case Answer.Done done -> changed(done.revision());
      case Answer.Found found -> looked(found.revision());
      case Answer.Nothing nothing -> looked(nothing.revision());
      case Answer.Deleted deleted ->
          deleted.existed() ? changed(deleted.revision()) : looked(deleted.revision());
      case Answer.Swapped swapped ->
          swapped.swapped() ? changed(swapped.revision()) : looked(swapped.revision());
    };
  }

  private static long changed(long revision) {
    return revision == 0 ? UNRANKED : 2 * revision;
  }

  private static long looked(long revision) {
    return revision == 0 ? UNRANKED : 2 * revision + 1;
  }

  @Override
  public @Nullable Key step(Key state, Operation operation) {
    Answer answer = operation.answer();
    return switch (operation.request()) {
      case KeyRequest.Put put -> put(state, put.value(), toldRevision(answer));
      case KeyRequest.Get _ -> get(state, answer);
      case KeyRequest.Delete _ -> delete(state, answer);
      case KeyRequest.Cas cas -> swap(state, cas, answer);
      case KeyRequest.Append append ->
          put(state, state.before().concat(append.value()), toldRevision(answer));
    };
  }

  private static long toldRevision(Answer answer) {
    return switch (answer) {
      case Answer.Done done -> done.revision();
      case Answer.Swapped swapped -> swapped.revision();
      case Answer.Deleted deleted -> deleted.revision();
      case Answer.Unknown _, Answer.Found _, Answer.Nothing _ -> 0;
    };
  }

  private static @Nullable Key put(Key state, Bytes value, long revision) {
    if (revision != 0 && revision <= state.floor) {
      return null;
    }
    long floor = revision == 0 ? state.floor + 1 : revision;
    long mod = revision == 0 ? -floor : revision;
    return state.value == null
        ? new Key(value, mod, mod, 1, floor)
        : new Key(value, state.create, mod, state.version + 1, floor);
  }

  private static @Nullable Key get(Key state, Answer answer) {
    return switch (answer) {
      case Answer.Found found -> found(state, found);
      case Answer.Nothing nothing -> state.value == null ? seenAt(state, nothing.revision()) : null;
      case Answer.Unknown _ -> state;
      case Answer.Done _, Answer.Deleted _, Answer.Swapped _ -> null;
    };
  }

  private static @Nullable Key found(Key state, Answer.Found found) {
    boolean fits =
        Objects.equals(found.value(), state.value)
            && fits(found.createRevision(), state.create)
            && fits(found.modRevision(), state.mod)
            && (found.version() == 0 || found.version() == state.version);
    if (!fits) {
      return null;
    }
    Key pinned =
        new Key(
            found.value(),
            pin(found.createRevision(), state.create),
            pin(found.modRevision(), state.mod),
            state.version,
            Math.max(state.floor, found.modRevision()));
    return seenAt(pinned, found.revision());
  }

  private static boolean fits(long told, long known) {
    return told == 0 || (known < 0 ? told >= -known : told == known);
  }

  private static long pin(long told, long known) {
    return told == 0 ? known : told;
  }

  private static @Nullable Key seenAt(Key state, long revision) {
    if (revision == 0) {
      return state;
    }
    return revision < state.floor
        ? null
        : new Key(state.value, state.create, state.mod, state.version, revision);
  }

  private static @Nullable Key delete(Key state, Answer answer) {
    boolean exists = state.value != null;
    if (answer instanceof Answer.Deleted told && told.existed() != exists) {
      return null;
    }
    long revision = toldRevision(answer);
    if (!exists) {
      return seenAt(state, revision);
    }
    if (revision != 0 && revision <= state.floor) {
      return null;
    }
    return new Key(null, 0, 0, 0, revision == 0 ? state.floor + 1 : revision);
  }

  private static @Nullable Key swap(Key state, KeyRequest.Cas cas, Answer answer) {
    boolean equal = Objects.equals(cas.expected(), state.value);
    if (answer instanceof Answer.Swapped told && told.swapped() != equal) {
      return null;
    }
    long revision = toldRevision(answer);
    return equal ? put(state, cas.value(), revision) : seenAt(state, revision);
  }
}
