package io.balsa.check;

import io.balsa.bytes.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Decides the outcome of unanswered writes where the rest of the history shows it. If one operation
 * alone writes a value and another saw it, the write happened before that other returned, at the
 * revision that a read reports. Values that no operation saw or compares with are replaced by one
 * value, which makes such writes equal. Both keep the search small: each unanswered write doubles
 * it.
 */
final class UnknownOutcomes {
  private static final Bytes UNSEEN = Bytes.utf8("(a value that no operation saw)");

  private final Set<Bytes> compared = new TreeSet<>();
  private final Map<Bytes, Integer> writers = new TreeMap<>();
  private final Map<Bytes, Long> firstSeen = new TreeMap<>();

  /** The revision at which a value was written, where a read reports it. */
  private final Map<Bytes, Long> revisions = new TreeMap<>();

  private boolean appends;

  private UnknownOutcomes() {}

  static List<Operation> settle(List<Operation> operations) {
    UnknownOutcomes outcomes = new UnknownOutcomes();
    operations.forEach(outcomes::note);
    List<Operation> settled = new ArrayList<>(operations.size());
    operations.forEach(operation -> settled.add(outcomes.settle(operation)));
    return settled;
  }

  private void note(Operation operation) {
    appends |= operation.request() instanceof KeyRequest.Append;
    Bytes written = written(operation.request());
    if (written != null) {
      writers.merge(written, 1, Integer::sum);
    }
    if (operation.request() instanceof KeyRequest.Cas cas && cas.expected() != null) {
      compared.add(cas.expected());
    }
    Bytes seen = operation.isCertain() ? seen(operation) : null;
    if (seen != null) {
      firstSeen.merge(seen, operation.returned(), Math::min);
      if (operation.answer() instanceof Answer.Found found && found.modRevision() != 0) {
        revisions.putIfAbsent(seen, found.modRevision());
      }
    }
  }

  private Operation settle(Operation operation) {
    Bytes written = written(operation.request());
    if (operation.isCertain() || written == null || appends) {
      return operation;
    }
    long seen = firstSeen.getOrDefault(written, Operation.NEVER);
    if (seen == Operation.NEVER) {
      return compared.contains(written) ? operation : operation.with(unseen(operation.request()));
    }
    boolean happened = seen >= operation.called() && writers.getOrDefault(written, 0) == 1;
    long revision = revisions.getOrDefault(written, 0L);
    Answer answer =
        operation.request() instanceof KeyRequest.Cas
            ? new Answer.Swapped(true, revision)
            : new Answer.Done(revision);
    return happened ? operation.with(answer, seen) : operation;
  }

  private static KeyRequest unseen(KeyRequest request) {
    return request instanceof KeyRequest.Cas cas
        ? new KeyRequest.Cas(cas.expected(), UNSEEN)
        : new KeyRequest.Put(UNSEEN);
  }

  private static @Nullable Bytes written(KeyRequest request) {
    return switch (request) {
      case KeyRequest.Put put -> put.value();
      case KeyRequest.Cas cas -> cas.value();
      case KeyRequest.Get _, KeyRequest.Delete _, KeyRequest.Append _ -> null;
    };
  }

  private static @Nullable Bytes seen(Operation operation) {
    if (operation.answer() instanceof Answer.Found found) {
      return found.value();
    }
    boolean swapped = operation.answer() instanceof Answer.Swapped answer && answer.swapped();
    return swapped && operation.request() instanceof KeyRequest.Cas cas ? cas.expected() : null;
  }
}
