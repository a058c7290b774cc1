package io.balsa.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.bytes.Bytes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Waiters at a store of this test, which has keys with create revisions and nothing else. */
class QueueTurnTest {
  private static final QueueKeys KEYS = QueueKeys.named(Bytes.utf8("m"));

  private final Map<Bytes, Long> created = new TreeMap<>();
  private long revision = 1;

  private @Nullable Bytes find(KeySearch search) {
    Comparator<Map.Entry<Bytes, Long>> byCreation = Map.Entry.comparingByValue();
    return created.entrySet().stream()
        .filter(row -> row.getKey().compareTo(search.from()) >= 0)
        .filter(row -> row.getKey().compareTo(search.end()) < 0)
        .filter(
            row -> search.maxCreateRevision() == 0 || row.getValue() <= search.maxCreateRevision())
        .min(search.order() == KeySearch.Order.OLDEST ? byCreation : byCreation.reversed())
        .map(Map.Entry::getKey)
        .orElse(null);
  }

  /** A client with a place in the queue. */
  private final class Waiter {
    private final Bytes key;
    private final QueueTurn turn;
    private QueueTurn.@Nullable Deletion awaited;
    private int reads;

    Waiter(long lease) {
      key = KEYS.key(lease);
      created.put(key, ++revision);
      turn = new QueueTurn(KEYS, revision);
      look();
    }

    void look() {
      reads++;
      awaited = turn.awaited(find(turn.predecessor()), revision);
    }

    void deleted(Bytes other) {
      QueueTurn.Deletion now = awaited;
      if (now != null && now.key().equals(other) && now.fromRevision() <= revision) {
        look();
      }
    }

    boolean hasItsTurn() {
      return awaited == null;
    }
  }

  private void leave(Waiter one, List<Waiter> others) {
    revision++;
    created.remove(one.key);
    others.remove(one);
    others.forEach(other -> other.deleted(one.key));
  }

  @Test
  void theFirstHasItsTurnAtOnce() {
    assertThat(new Waiter(7).hasItsTurn()).isTrue();
  }

  @Test
  void keysOutsideTheQueueAreNotBeforeAnybody() {
    created.put(Bytes.utf8("m"), 1L);
    created.put(Bytes.utf8("m0"), 1L);
    assertThat(new Waiter(7).hasItsTurn()).isTrue();
  }

  @Test
  void theOthersAwaitTheKeyCreatedJustBeforeTheirs() {
    Waiter first = new Waiter(9);
    Waiter second = new Waiter(1);
    Waiter third = new Waiter(5);
    assertThat(second.awaited).isEqualTo(new QueueTurn.Deletion(first.key, 4));
    assertThat(third.awaited).isEqualTo(new QueueTurn.Deletion(second.key, 5));
  }

  @Test
  void aWaiterThatLeavesHandsItsPredecessorOn() {
    Waiter first = new Waiter(9);
    Waiter second = new Waiter(1);
    Waiter third = new Waiter(5);
    leave(second, new ArrayList<>(List.of(first, third)));
    assertThat(third.awaited).isEqualTo(new QueueTurn.Deletion(first.key, 6));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5})
  void theTurnGoesInTheOrderOfCreationAndADeletionWakesOne(int seed) {
    Random dice = new Random(seed);
    List<Waiter> waiters = new ArrayList<>();
    for (int step = 0; step < 500; step++) {
      if (waiters.isEmpty() || dice.nextInt(5) < 3) {
        waiters.add(new Waiter(dice.nextLong()));
      } else {
        int before = waiters.stream().mapToInt(waiter -> waiter.reads).sum();
        Waiter left = waiters.get(dice.nextInt(waiters.size()));
        leave(left, waiters);
        int after = waiters.stream().mapToInt(waiter -> waiter.reads).sum();
        assertThat(after - before + left.reads).isLessThanOrEqualTo(1);
      }
      for (Waiter waiter : waiters) {
        assertThat(waiter.hasItsTurn()).isEqualTo(waiter == waiters.getFirst());
      }
      Bytes holder = waiters.isEmpty() ? null : waiters.getFirst().key;
      assertThat(find(KEYS.first())).isEqualTo(holder);
    }
  }
}
