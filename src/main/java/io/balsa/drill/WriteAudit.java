package io.balsa.drill;

import io.balsa.bytes.Bytes;
import io.balsa.drill.DrillLoad.AckedPut;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The acknowledged puts, compared with the history of the store.
 *
 * @param acknowledged the number of acknowledged puts
 * @param missing acknowledged puts that the store does not have at their revision
 * @param duplicated values that were written more than once
 * @param reordered acknowledged puts with a lower revision than a put that was acknowledged before
 *     they were sent
 */
record WriteAudit(int acknowledged, int missing, int duplicated, int reordered) {
  static final WriteAudit NOTHING = new WriteAudit(0, 0, 0, 0);

  static WriteAudit of(List<AckedPut> acked, AppliedPuts applied) {
    return new WriteAudit(
        acked.size(), missing(acked, applied), duplicated(applied), reordered(acked));
  }

  private static int missing(List<AckedPut> acked, AppliedPuts applied) {
    return (int)
        acked.stream()
            .filter(
                put ->
                    !new AppliedPuts.Put(put.key(), put.value())
                        .equals(applied.byRevision().get(put.revision())))
            .count();
  }

  private static int duplicated(AppliedPuts applied) {
    Map<Bytes, Integer> times = new HashMap<>();
    applied.byRevision().values().forEach(put -> times.merge(put.value(), 1, Integer::sum));
    return (int) times.values().stream().filter(count -> count > 1).count();
  }

  private static int reordered(List<AckedPut> acked) {
    List<AckedPut> byReturn =
        acked.stream().sorted(Comparator.comparingLong(AckedPut::returned)).toList();
    int reordered = 0;
    int ended = 0;
    long newest = 0;
    for (AckedPut put :
        acked.stream().sorted(Comparator.comparingLong(AckedPut::called)).toList()) {
      while (byReturn.get(ended).returned() < put.called()) {
        newest = Math.max(newest, byReturn.get(ended).revision());
        ended++;
      }
      reordered += put.revision() <= newest ? 1 : 0;
    }
    return reordered;
  }

  WriteAudit plus(WriteAudit other) {
    return new WriteAudit(
        acknowledged + other.acknowledged,
        missing + other.missing,
        duplicated + other.duplicated,
        reordered + other.reordered);
  }
}
