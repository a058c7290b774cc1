package io.balsa.node.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.engine.DiskMedium;
import io.balsa.engine.Engine;
import io.balsa.engine.MemoryEngines;
import io.balsa.host.MapDisk;
import io.balsa.kv.Store;
import io.balsa.lanes.HandHost;
import io.balsa.model.EntryToApply;
import io.balsa.model.Member;
import io.balsa.model.StoreLimits;
import io.balsa.raft.Configuration;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which state a server opens, and what it deletes. */
class StateOpenerTest {
  private static final List<Member> MEMBERS =
      List.of(member(1, false), member(2, false), member(3, true));

  private final MapDisk disk = new MapDisk();
  private final HandHost host = new HandHost(disk);

  private static Member member(long id, boolean learner) {
    return new Member(id, "", List.of(), List.of(), learner, 0);
  }

  private StateOpener opener() throws IOException {
    return new StateOpener(
        host, new MemoryEngines(new DiskMedium(disk)), MEMBERS, StoreLimits.DEFAULT);
  }

  /** A state on disk in which one entry with an index is applied. */
  private void write(String name, long index) {
    Engine engine = new MemoryEngines(new DiskMedium(disk)).open("state/" + name);
    Store store = Store.open(engine, List.of());
    for (long i = 1; i <= index; i++) {
      store.apply(List.of(EntryToApply.empty(i, 1)));
    }
    engine.flush();
  }

  @Test
  void anEmptyDirectoryBecomesANewClustersState() throws IOException {
    OpenStore state = opener().open();

    assertThat(state.directory()).isEqualTo("state/0");
    assertThat(state.store().appliedIndex()).isZero();
    assertThat(state.store().members()).isEqualTo(MEMBERS);
  }

  @Test
  void learnersDoNotVoteInTheFirstConfiguration() throws IOException {
    StateOpener opener = opener();

    assertThat(opener.firstConfiguration())
        .isEqualTo(new Configuration(List.of(1L, 2L), List.of(), List.of(3L)));
    assertThat(opener.configurationOf(opener.open().store()))
        .isEqualTo(opener.firstConfiguration());
  }

  @Test
  void anAppliedConfigurationTakesThePlaceOfTheFirstOne() throws IOException {
    StateOpener opener = opener();
    Store store = opener.open().store();
    Configuration later = Configuration.of(List.of(1L, 2L, 3L));

    store.apply(List.of(EntryToApply.configuration(1, 1, later.encode())));

    assertThat(opener.configurationOf(store)).isEqualTo(later);
  }

  @Test
  void aSwitchOpensTheOtherStateNowAndAtTheNextStart() throws IOException {
    StateOpener opener = opener();
    write("4-1", 4);

    assertThat(opener.switchTo("4-1").store().appliedIndex()).isEqualTo(4);
    assertThat(opener().open().directory()).isEqualTo("state/4-1");
  }

  @Test
  void aStartDeletesOldStatesAndKeepsATransferUnderWay() throws IOException {
    opener().switchTo("4-1");
    write("0", 1);
    write("4-1", 4);
    write("9-2.incoming", 9);

    opener();

    assertThat(disk.list("state")).containsExactly("4-1", "9-2.incoming", "current");
  }

  @Test
  void aStateThatCannotBeDeletedHaltsTheServer() throws IOException {
    StateOpener opener = opener();
    write("4-1", 4);
    disk.failAfter(0);

    opener.delete("state/4-1");

    assertThat(host.halts()).containsExactly("an old state cannot be deleted: input/output error");
  }
}
