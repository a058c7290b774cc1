package io.balsa.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.balsa.bytes.Bytes;
import io.balsa.model.Changes;
import io.balsa.model.Event;
import io.balsa.model.EventSize;
import io.balsa.model.Span;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Collectors;

/** The client's end of a watch stream: checks every answer against the real changes. */
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
  private final WatchLimits limits;
  private final Random random;
  private final Map<Long, Seen> watches = new HashMap<>();
  private final ArrayDeque<WatchRequest> asked = new ArrayDeque<>();
  private final List<Event> inParts = new ArrayList<>();
  private long partBytes;
  private int room;
  private long taken;
  private boolean ended;
  boolean mayBeTooMany;
  long parts;
  long answers;

  WatchedStream(List<Changes> truth, WatchLimits limits, Random random) {
    this.truth = truth;
    this.limits = limits;
    this.random = random;
  }

  void asks(WatchRequest request) {
    asked.add(request);
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
    assertThat(inParts.isEmpty() || answer instanceof WatchAnswer.Part)
        .as("nothing comes between the parts of a revision")
        .isTrue();
    switch (answer) {
      case WatchAnswer.Created(long id, long revision) -> created(id, revision);
      case WatchAnswer.Refused(WatchAnswer.Refusal reason, long _) -> refused(reason);
      case WatchAnswer.Told(long id, WatchAnswer.Batch batch) -> gotEvents(id, batch);
      case WatchAnswer.Part part -> gotPart(part);
      case WatchAnswer.Progress(long id, long revision) -> progress(id, revision);
      case WatchAnswer.Revoked(long id, WatchAnswer.Refusal _, long _) -> watch(id).canceled = true;
      case WatchAnswer.Canceled(long id, long _) -> watch(id).canceled = true;
      case WatchAnswer.Compacted(long id, long revision) -> compacted(id, revision);
    }
  }

  private Seen watch(long id) {
    return Objects.requireNonNull(watches.get(id), "an answer is about a watch");
  }

  private void created(long id, long revision) {
    WatchRequest request = asked.remove();
    assertThat(watches.containsKey(id) && !watch(id).canceled).isFalse();
    assertThat(request.watchId() == 0 || request.watchId() == id).isTrue();
    long start = request.startRevision() == 0 ? revision + 1 : request.startRevision();
    watches.put(id, new Seen(request, start));
  }

  private void refused(WatchAnswer.Refusal reason) {
    WatchRequest request = asked.remove();
    switch (reason) {
      case EMPTY_RANGE -> assertThat(request.span().isEmpty()).isTrue();
      case DUPLICATE_ID -> assertThat(watch(request.watchId()).canceled).isFalse();
      case NEGATIVE_START -> assertThat(request.startRevision()).isNegative();
      case TOO_MANY -> assertThat(mayBeTooMany).isTrue();
      case TOO_FAST, HEAP_NEARLY_FULL -> fail("a server's port refuses these, and not a stream");
      case NO_USER, INVALID_TOKEN, OLD_REVISION, DENIED -> fail("users are not in force here");
    }
  }

  @Override
  public boolean takeRoom(long bytes) {
    if (room > 0) {
      taken = bytes;
    }
    return room > 0;
  }

  private void uses(long bytes) {
    assertThat(bytes).as("no events are sent without room").isLessThanOrEqualTo(taken);
    taken = 0;
    room -= random.nextInt(2);
  }

  private void gotEvents(long id, WatchAnswer.Batch batch) {
    uses(batch.bytes());
    isSmall(batch);
    hear(id, batch);
  }

  /** Checks that a revision sent as a whole is small enough to be held. */
  private void isSmall(WatchAnswer.Batch batch) {
    Map<Long, List<Event>> revisions =
        batch.events().stream().collect(Collectors.groupingBy(Event::revision));
    for (List<Event> events : revisions.values()) {
      assertThat(events.size()).isLessThanOrEqualTo(limits.changes());
    }
  }

  private void hear(long id, WatchAnswer.Batch batch) {
    Seen seen = watch(id);
    assertThat(seen.canceled || seen.compactedAt > 0).isFalse();
    assertThat(batch.events()).isNotEmpty();
    holdsNoMoreThanWanted(seen, batch);
    assertThat(batch.revision()).isGreaterThanOrEqualTo(batch.events().getLast().revision());
    seen.events.addAll(batch.events());
    holds(seen, batch.events().getLast().revision());
  }

  /** Checks that a watch holds no previous values that only another watch wants. */
  private static void holdsNoMoreThanWanted(Seen seen, WatchAnswer.Batch batch) {
    assertThat(seen.request.prevKv() || batch.events().stream().allMatch(e -> e.previous() == null))
        .as("a watch without prev_kv holds no previous value")
        .isTrue();
  }

  /** Takes a part; a client uses a revision when all parts have arrived. */
  private void gotPart(WatchAnswer.Part part) {
    parts++;
    assertThat(part.first()).isEqualTo(inParts.isEmpty());
    uses(part.batch().bytes());
    long bytes = 0;
    for (Event event : part.batch().events()) {
      bytes += EventSize.of(event, part.batch().prevKv());
    }
    assertThat(part.batch().bytes()).isEqualTo(bytes);
    partBytes += bytes;
    inParts.addAll(part.batch().events());
    if (!part.last()) {
      return;
    }
    assertThat(partBytes).isEqualTo(part.wholeBytes());
    assertThat(inParts.stream().map(Event::revision).distinct()).hasSize(1);
    List<Event> whole = List.copyOf(inParts);
    partBytes = 0;
    inParts.clear();
    boolean prevKv = part.batch().prevKv();
    boolean fragment = part.batch().fragment();
    hear(
        part.watchId(),
        new WatchAnswer.Batch(part.batch().revision(), whole, part.wholeBytes(), prevKv, fragment));
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

  /** Checks that all events up to a revision have arrived, complete and in order. */
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

  /** Checks a previous value: it is right, or left out if it is compacted. */
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

  @Override
  public void end(End why) {
    assertThat(why).isEqualTo(End.CUT_SHORT);
    assertThat(inParts).isNotEmpty();
    ended = true;
  }

  boolean hasEnded() {
    return ended;
  }

  /** Checks at the end that every watch that was not given up has all events. */
  void endsAt(long revision) {
    if (ended) {
      return;
    }
    assertThat(inParts).isEmpty();
    for (Seen seen : watches.values()) {
      if (!seen.canceled && seen.compactedAt == 0) {
        holds(seen, revision);
      }
    }
  }
}
