package io.balsa.kv;

import static io.balsa.kv.WithUsers.bytes;
import static io.balsa.kv.WithUsers.put;
import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.model.Caller;
import io.balsa.model.Command;
import io.balsa.model.EntryToApply;
import io.balsa.model.Permission.Kind;
import io.balsa.model.Result;
import io.balsa.model.WriteId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Where a batch of entries ends differs between replicas, so it must decide nothing. */
class LeaseBordersTest {
  private static final int KEYS = 1_100;

  /** Bob's keys leave a lease; then alice, who may not write them, attaches her own key. */
  @Test
  void whatLeftALeaseInTheSameBatchDoesNotCount() {
    List<Result> together = results(true);
    assertThat(together).isEqualTo(results(false));
    assertThat(together.getLast()).isInstanceOf(Result.Put.class);
  }

  private static List<Result> results(boolean together) {
    WithUsers world = new WithUsers();
    world.user("alice");
    world.permit("alice", Kind.WRITE, "a", "b");
    world.enable();
    world.done(new Command.LeaseGrant(7, 60));
    for (int i = 0; i < KEYS; i++) {
      world.done(put("b" + (10_000 + i), 7));
    }
    List<EntryToApply> entries = new ArrayList<>();
    for (int i = 0; i < KEYS; i++) {
      entries.add(
          world.entry(
              Caller.SERVER,
              WriteId.NONE,
              new Command.DeleteRange(bytes("b" + (10_000 + i)), bytes(""), false)));
    }
    entries.add(world.entry(world.caller("alice"), WriteId.NONE, put("a", 7)));
    List<Result> results = new ArrayList<>();
    if (together) {
      results.addAll(world.apply(entries));
    } else {
      entries.forEach(entry -> results.addAll(world.apply(List.of(entry))));
    }
    assertThat(world.store.appliedIndex()).isEqualTo(world.log.size());
    return List.of(results.getFirst(), results.getLast());
  }
}
