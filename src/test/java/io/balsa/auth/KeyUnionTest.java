package io.balsa.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.bytes.Bytes;
import io.balsa.model.Caller;
import io.balsa.model.KvError;
import io.balsa.model.Permission;
import io.balsa.model.Permission.Kind;
import io.balsa.model.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Random;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * A range is allowed if every key of it is in some permission. The model asks key by key. It tries
 * all keys of up to three letters and the key just after each: no range here begins or ends
 * elsewhere.
 */
class KeyUnionTest {
  private static final int CASES = 2_000;
  private static final int QUESTIONS = 30;
  private static final Caller BOB = Caller.of("bob", 9);
  private static final Bytes NO_END = Bytes.of(0);

  /** Where a range may begin or end. */
  private static final NavigableSet<Bytes> POINTS = new TreeSet<>();

  static {
    List<String> words = new ArrayList<>(List.of(""));
    for (int length = 0; length < 3; length++) {
      for (String word : List.copyOf(words)) {
        if (word.length() == length) {
          words.addAll(List.of(word + "a", word + "b", word + "c"));
        }
      }
    }
    for (String word : words) {
      POINTS.add(Bytes.utf8(word));
      POINTS.add(Bytes.utf8(word).next());
      POINTS.add(Bytes.utf8(word + "d"));
    }
    POINTS.remove(Bytes.EMPTY);
    POINTS.addAll(List.of(NO_END.next(), Bytes.of(1)));
  }

  private final Random random = new Random(11);

  private Bytes key() {
    StringBuilder word = new StringBuilder();
    for (int letters = 1 + random.nextInt(3); letters > 0; letters--) {
      word.append("abc".charAt(random.nextInt(3)));
    }
    return Bytes.utf8(word.toString());
  }

  private Span span() {
    Bytes key = random.nextInt(30) == 0 ? NO_END : key();
    return switch (random.nextInt(6)) {
      case 0 -> new Span(key, NO_END);
      case 1, 2 -> new Span(key, Bytes.EMPTY);
      case 3 -> new Span(key, prefixEnd(key));
      default -> new Span(key, key());
    };
  }

  private static Bytes prefixEnd(Bytes key) {
    byte[] end = key.toArray();
    end[end.length - 1]++;
    return Bytes.wrap(end);
  }

  private UserRole role(String name, int permissions) {
    List<Permission> all = new ArrayList<>();
    for (int i = 0; i < permissions; i++) {
      Span span = span();
      if (!span.isEmpty()) {
        Kind kind = List.of(Kind.values()).get(random.nextInt(3));
        all.add(new Permission(kind, span.key(), span.rangeEnd()));
      }
    }
    return new UserRole(name, List.copyOf(all));
  }

  /** Bob, with up to three roles; one more that he names is not there. */
  private AuthState state() {
    List<UserRole> roles = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      roles.add(role("role" + i, random.nextInt(6)));
      names.add("role" + i);
    }
    if (random.nextBoolean()) {
      names.add("unknown");
    }
    names.sort(null);
    User bob = new User("bob", "", false, List.copyOf(names), 9);
    return AuthState.of(true, 9, List.of(bob), roles);
  }

  private static boolean allowsKey(AuthState state, Bytes key, boolean writes) {
    for (UserRole role : state.roles()) {
      for (Permission each : role.permissions()) {
        boolean right = writes ? each.kind().writes() : each.kind().reads();
        if (right && new Span(each.key(), each.rangeEnd()).contains(key)) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean allows(AuthState state, Span span, boolean writes) {
    if (!allowsKey(state, span.key(), writes)) {
      return false;
    }
    for (Bytes point : POINTS) {
      if (span.contains(point) && !allowsKey(state, point, writes)) {
        return false;
      }
    }
    return true;
  }

  @Test
  void sec04ARangeIsAllowedIfEachKeyIs() {
    int allowed = 0;
    int ranges = 0;
    for (int i = 0; i < CASES; i++) {
      AuthState state = state();
      for (int j = 0; j < QUESTIONS; j++) {
        Span span = span();
        boolean read = allows(state, span, false);
        boolean write = allows(state, span, true);
        assertThat(Judge.read(state, BOB, span.key(), span.rangeEnd()) == null)
            .as("%s reads %s", state.roles(), span)
            .isEqualTo(read);
        assertThat(Judge.write(state, BOB, span.key(), span.rangeEnd()) == null)
            .as("%s writes %s", state.roles(), span)
            .isEqualTo(write);
        allowed += read ? 1 : 0;
        ranges += read && !span.single() && !span.isEmpty() ? 1 : 0;
      }
    }
    assertThat(allowed).isBetween(CASES, CASES * QUESTIONS / 2);
    assertThat(ranges).isGreaterThan(CASES / 2);
  }

  /** Which questions were asked, and what is attached. */
  private static final class Attached implements AttachedKeys {
    private final NavigableSet<Bytes> keys = new TreeSet<>();
    private int asked;

    @Override
    public boolean hasKeyIn(long lease, Bytes from, @Nullable Bytes to) {
      asked++;
      Bytes first = keys.ceiling(from);
      return first != null && (to == null || first.compareTo(to) < 0);
    }
  }

  @Test
  void aLeaseIsAllowedIfEachAttachedKeyIs() {
    int allowed = 0;
    for (int i = 0; i < CASES; i++) {
      AuthState state = state();
      Attached attached = new Attached();
      boolean writes = random.nextBoolean();
      boolean all = true;
      for (int j = random.nextInt(4); j > 0; j--) {
        Bytes key = key();
        attached.keys.add(key);
        all &= allowsKey(state, key, writes);
      }
      KvError error =
          writes
              ? Judge.leaseWrite(state, BOB, 7, attached)
              : Judge.leaseRead(state, BOB, 7, attached);
      assertThat(error == null).as("%s of %s", state.roles(), attached.keys).isEqualTo(all);
      int permissions = state.roles().stream().mapToInt(role -> role.permissions().size()).sum();
      assertThat(attached.asked).isLessThanOrEqualTo(permissions + 1);
      allowed += all ? 1 : 0;
    }
    assertThat(allowed).isBetween(CASES / 10, CASES * 9 / 10);
  }
}
