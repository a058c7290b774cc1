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
 * Settles the fate of writes that were never answered where the rest of the history tells it: a
 * value that one operation alone writes and another saw was written before that other returned, at
 * the revision that a read tells. A value that nobody saw or compares with might as well be
 * another, which makes such writes alike. Both keep the search small, as each open write doubles
 * it.
 */
final class UnknownOutcomes {
  private static final Bytes UNSEEN = Bytes.utf8("(a value that nobody saw)");

  private final Set<Bytes> compared = new TreeSet<>();
  private final Map<Bytes, Integer> writers = new TreeMap<>();
  private final Map<Bytes, Long> firstSeen = new TreeMap<>();

  /** The revision at which a value was written, where a read told it. */
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
