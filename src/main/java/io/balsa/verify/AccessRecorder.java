package io.balsa.verify;

import io.balsa.verify.AccessJudge.Asked;
import io.balsa.verify.AccessJudge.Change;
import io.balsa.verify.AccessJudge.Evidence;
import io.balsa.verify.AccessJudge.Right;
import io.balsa.verify.AccessJudge.Seen;
import io.balsa.verify.AccessJudge.Span;
import io.balsa.verify.AccessJudge.Use;
import io.balsa.verify.AccessJudge.Watched;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Records what users asked and got, and how their rights changed; for any thread. */
final class AccessRecorder {
  private final List<Change> changes = new ArrayList<>();
  private final List<Asked> asked = new ArrayList<>();
  private final List<Seen> seen = new ArrayList<>();
  private final List<Watched> watched = new ArrayList<>();
  private final Map<Integer, List<Span>> proofs = new HashMap<>();
  private final Map<String, Long> writes = new ConcurrentHashMap<>();
  private final Set<String> refused = ConcurrentHashMap.newKeySet();

  /** A change of a user's rights to a part. */
  synchronized void changed(
      String user, String part, Set<Use> uses, boolean given, boolean sure, Span time) {
    for (Use use : uses) {
      changes.add(new Change(new Right(user, part, use), given, sure, time.from(), time.to()));
    }
  }

  /** Call this before a value is written, whose events watchers may get. */
  void writes(String value, long now) {
    writes.put(value, now);
  }

  synchronized void asked(Asked request) {
    asked.add(request);
  }

  /** The write of a value was denied: it must never appear. */
  void denied(String value) {
    refused.add(value);
  }

  /** A server answered a request at its own address, which are numbered from 1. */
  synchronized void proves(int server, Span time) {
    proofs.computeIfAbsent(server, _ -> new ArrayList<>()).add(time);
  }

  /** An event with this value came to a watch. */
  synchronized void saw(String user, String part, String value, long arrived) {
    Long written = writes.get(value);
    if (written != null) {
      seen.add(new Seen(user, part, written, arrived, value));
    }
  }

  synchronized void watched(Watched watch) {
    watched.add(watch);
  }

  /** The values whose writes were denied. */
  Set<String> refused() {
    return Set.copyOf(refused);
  }

  synchronized Evidence evidence(List<Span> disturbed) {
    return new Evidence(
        List.copyOf(changes),
        List.copyOf(asked),
        List.copyOf(seen),
        List.copyOf(watched),
        Map.copyOf(proofs),
        disturbed);
  }
}
