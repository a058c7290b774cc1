package io.balsa.kv;

import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.bytes.Bytes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;

/** The client's end of a watch stream: holds every answer against what really happened. */
final class WatchedStream implements WatchSink {
  /** A watch as its client sees it. */
  private static final class Seen {
    final WatchRequest request;
    final long start;
    final List<Event> events = new ArrayList<>();
    long compactedAt;
    boolean canceled;

    Seen(WatchRequest request, long start) {
      this.request = request;
      this.start = start;
    }
  }

  private final List<Changes> truth;
  private final Random random;
  private final Map<Long, Seen> watches = new HashMap<>();
  private WatchRequest asked = WatchRequest.of(Bytes.EMPTY, Bytes.EMPTY);
  private int room;
  long answers;

  WatchedStream(List<Changes> truth, Random random) {
    this.truth = truth;
    this.random = random;
  }

  void asks(WatchRequest request) {
    asked = request;
  }

  void room(int messages) {
    room = messages;
  }

  List<Long> open() {
    return watches.entrySet().stream()
        .filter(e -> !e.getValue().canceled)
        .map(Map.Entry::getKey)
        .sorted()
        .toList();
  }

  @Override
  public boolean isReady() {
    return room > 0;
  }

  @Override
  public void send(WatchAnswer answer) {
    answers++;
    switch (answer) {
      case WatchAnswer.Created(long id, long revision) -> created(id, revision);
      case WatchAnswer.Refused(WatchAnswer.Refusal reason, long _) -> refused(reason);
      case WatchAnswer.Told(long id, WatchAnswer.Batch batch) -> told(id, batch);
      case WatchAnswer.Progress(long id, long revision) -> progress(id, revision);
      case WatchAnswer.Canceled(long id, long _) -> watch(id).canceled = true;
      case WatchAnswer.Compacted(long id, long revision) -> compacted(id, revision);
    }
  }

  private Seen watch(long id) {
    return Objects.requireNonNull(watches.get(id), "an answer is about a watch");
  }

  private void created(long id, long revision) {
    assertThat(watches.containsKey(id) && !watch(id).canceled).isFalse();
    assertThat(asked.watchId() == 0 || asked.watchId() == id).isTrue();
    long start = asked.startRevision() == 0 ? revision + 1 : asked.startRevision();
    watches.put(id, new Seen(asked, start));
  }

  private void refused(WatchAnswer.Refusal reason) {
    switch (reason) {
      case EMPTY_RANGE -> assertThat(asked.span().isEmpty()).isTrue();
      case DUPLICATE_ID -> assertThat(watch(asked.watchId()).canceled).isFalse();
      case NEGATIVE_START -> assertThat(asked.startRevision()).isNegative();
    }
  }

  private void told(long id, WatchAnswer.Batch batch) {
    assertThat(room).as("nothing is told without room").isPositive();
    room -= random.nextInt(2);
    Seen seen = watch(id);
    assertThat(seen.canceled || seen.compactedAt > 0).isFalse();
    assertThat(batch.events()).isNotEmpty();
    assertThat(batch.revision()).isGreaterThanOrEqualTo(batch.events().getLast().revision());
    seen.events.addAll(batch.events());
    holds(seen, batch.events().getLast().revision());
  }

  private void progress(long id, long revision) {
    if (id != WatchAnswer.NO_WATCH) {
      assertThat(watch(id).request.progressNotify()).isTrue();
      holds(watch(id), revision);
      return;
    }
    watches.values().stream()
        .filter(seen -> !seen.canceled && seen.compactedAt == 0)
        .forEach(
            seen -> {
              assertThat(seen.request.startRevision()).isLessThanOrEqualTo(revision);
              holds(seen, revision);
            });
  }

  private void compacted(long id, long revision) {
    Seen seen = watch(id);
    long next = seen.events.isEmpty() ? seen.start : seen.events.getLast().revision() + 1;
    assertThat(next).isLessThan(revision);
    seen.compactedAt = revision;
  }

  /** All that happened up to a revision has been told, whole and in order. */
  private void holds(Seen seen, long upTo) {
    List<String> expected = new ArrayList<>();
    for (Changes changes : truth) {
      if (changes.revision() >= seen.start && changes.revision() <= upTo) {
        changes.events().stream()
            .filter(e -> wants(seen.request, e))
            .forEach(e -> expected.add(text(e)));
      }
    }
    assertThat(seen.events.stream().map(WatchedStream::text).toList()).isEqualTo(expected);
    for (Event event : seen.events) {
      holdsPrevious(event);
    }
  }

  /** What was before may be forgotten, and then it is left out; otherwise it is right. */
  private void holdsPrevious(Event event) {
    Event really =
        truth.stream()
            .filter(changes -> changes.revision() == event.revision())
            .flatMap(changes -> changes.events().stream())
            .filter(e -> text(e).equals(text(event)))
            .findFirst()
            .orElseThrow();
    assertThat(event.previous()).isIn(null, really.previous());
  }

  private static boolean wants(WatchRequest request, Event event) {
    Span span = request.span();
    Bytes key = event.kv().key();
    boolean inside =
        span.single()
            ? key.equals(span.key())
            : key.compareTo(span.key()) >= 0
                && (span.unbounded() || key.compareTo(span.rangeEnd()) < 0);
    return inside && (event.deleted() ? !request.noDelete() : !request.noPut());
  }

  private static String text(Event event) {
    return event.deleted() + " " + event.kv();
  }

  /** At the end: everything was told that was not given up. */
  void endsAt(long revision) {
    for (Seen seen : watches.values()) {
      if (!seen.canceled && seen.compactedAt == 0) {
        holds(seen, revision);
      }
    }
  }
}
