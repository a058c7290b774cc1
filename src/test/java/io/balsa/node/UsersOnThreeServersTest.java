package io.balsa.node;

import static io.balsa.host.Until.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.bytes.Bytes;
import io.balsa.house.SharesCores;
import io.balsa.lanes.Outcome;
import io.balsa.model.Caller;
import io.balsa.model.Command;
import io.balsa.model.KvError;
import io.balsa.model.Permission;
import io.balsa.model.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Users on three real servers. */
@SharesCores
@Timeout(60)
class UsersOnThreeServersTest {
  private static final int ROUNDS = 100;

  private Trio trio;

  @BeforeEach
  void start() throws Exception {
    trio = new Trio("users-on-three");
    run(new Command.UserAdd("root", "", true));
    run(new Command.UserGrantRole("root", "root"));
    run(new Command.UserAdd("alice", "", true));
    run(new Command.RoleAdd("r"));
    run(new Command.UserGrantRole("alice", "r"));
    run(new Command.AuthEnable());
  }

  @AfterEach
  void stop() throws Exception {
    trio.stopAll();
  }

  private void run(Command command) throws Exception {
    Outcome outcome = Trio.await(done -> trio.node(1).proposeOwn(command, done));
    assertThat(outcome).isInstanceOf(Outcome.Answered.class);
  }

  /**
   * A right comes and goes while its user writes at all servers. Each write is judged where it
   * stands in the log: so all replicas decide alike, and the revisions count what was done. The
   * hash covers what a replica answered.
   */
  @Test
  void sec19AllReplicasDecideAlikeWhileARoleChanges() throws Exception {
    Bytes key = Bytes.utf8("a");
    for (long id = 1; id <= 3; id++) {
      Node node = trio.node(id); // the callers below have the revision of their server
      assertThat(Trio.await(node::barrier)).isInstanceOf(Outcome.Answered.class);
    }
    List<CompletableFuture<Outcome>> writes = writes(key);
    int done = 0;
    int denied = 0;
    for (CompletableFuture<Outcome> write : writes) {
      Result result = ((Outcome.Answered) write.get(10, TimeUnit.SECONDS)).result();
      if (result instanceof Result.Put) {
        done++;
      } else {
        assertThat(((Result.Refused) result).error()).isEqualTo(KvError.PERMISSION_DENIED);
        denied++;
      }
    }
    assertThat(done).isPositive();
    assertThat(denied).isPositive();
    for (long id = 1; id <= 3; id++) {
      Node node = trio.node(id);
      Outcome outcome = Trio.await(node::barrier);
      assertThat(((Outcome.Answered) outcome).result().revision()).isEqualTo(1 + done);
      until(() -> node.status().hash() == trio.node(1).status().hash());
    }
  }

  private List<CompletableFuture<Outcome>> writes(Bytes key) throws Exception {
    List<CompletableFuture<Outcome>> writes = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      trio.node(1)
          .proposeOwn(
              round % 2 == 0
                  ? new Command.RoleGrantPermission(
                      "r", new Permission(Permission.Kind.WRITE, key, Bytes.EMPTY))
                  : new Command.RoleRevokePermission("r", key, Bytes.EMPTY),
              _ -> {});
      for (long id = 1; id <= 3; id++) {
        CompletableFuture<Outcome> write = new CompletableFuture<>();
        Node node = trio.node(id);
        node.propose(
            Caller.of("alice", node.auth().revision()),
            new Command.Put(key, Bytes.EMPTY, 0, false, false, false),
            write::complete);
        writes.add(write);
      }
      if (round % 10 == 9) {
        assertThat(writes.getLast().get(10, TimeUnit.SECONDS)).isInstanceOf(Outcome.Answered.class);
      }
    }
    return writes;
  }
}
