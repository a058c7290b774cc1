package io.balsa.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.balsa.bytes.Bytes;
import io.balsa.engine.Engine;
import io.balsa.engine.MemoryEngines;
import io.balsa.engine.MemoryMedium;
import io.balsa.house.SharesCores;
import io.balsa.kv.Conformance;
import io.balsa.kv.RandomCommands;
import io.balsa.kv.Replica;
import io.balsa.kv.Store;
import io.balsa.kv.StoreModel;
import io.balsa.kv.StoreReader;
import io.balsa.model.Caller;
import io.balsa.model.Changes;
import io.balsa.model.Command;
import io.balsa.model.EntryToApply;
import io.balsa.model.Envelope;
import io.balsa.model.Event;
import io.balsa.model.KeyValue;
import io.balsa.model.Range;
import io.balsa.model.RequestRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Random histories with random watchers: streams without room, lost changes, slow reads from the
 * store, compaction. Every watch gets exactly the events of its keys.
 */
@SharesCores
class WatchHubTest {
  private static final int SEEDS = Integer.getInteger("balsa.seeds", 100);

  @Test
  void watchersAreToldWhatHappened() {
    long answers = 0;
    long parts = 0;
    long ended = 0;
    for (int seed = 0; seed < SEEDS; seed++) {
      try (Run run = new Run(seed)) {
        assertThatCode(run::run).as("seed %d", seed).doesNotThrowAnyException();
        answers += run.answers();
        parts += run.parts();
        ended += run.clients.stream().filter(WatchedStream::hasEnded).count();
      }
    }
    assertThat(answers).isGreaterThan(SEEDS * 60L);
    assertThat(parts).isGreaterThan(SEEDS * 10L);
    assertThat(ended).as("streams whose large revision was compacted half-way").isPositive();
  }

  /** Many watchers that had no room for a moment must not read past events from the disk. */
  @Test
  void whoHadNoRoomForAWhileIsToldWithoutTheStore() {
    List<Changes> truth = new ArrayList<>();
    WatchHub hub = new WatchHub(WatchLimits.DEFAULT);
    WatchedStream client = new WatchedStream(truth, WatchLimits.DEFAULT, new Random(1));
    try (Replica replica = new Replica(new MemoryEngines(new MemoryMedium()), "no-room")) {
      Store store = replica.store();
      hub.setStoreRevisions(store.revision(), store.compactRevision());
      WatchStream stream = hub.open(client);
      WatchRequest request = WatchRequest.of(Conformance.A, Bytes.EMPTY);
      client.asks(request);
      stream.create(Caller.SERVER, request);
      for (int i = 1; i <= 3; i++) {
        Envelope put =
            Envelope.ofServer(new Envelope.RequestId(1, 1, i), Conformance.put(Conformance.A));
        store.apply(
            List.of(EntryToApply.of(i, 1, put)),
            changed -> {
              truth.addAll(changed);
              hub.applied(changed, changed.getLast().revision(), store.compactRevision());
            });
        hub.setStoreRevisions(store.revision(), store.compactRevision());
      }
      client.room(10);
      stream.ready();

      assertThat(hub.beginCatchUp()).isNull();

      client.endsAt(store.revision());
    }
  }

  private static final class Run implements AutoCloseable {
    private final Random random;
    private final RandomCommands commands;
    private final StoreModel model = new StoreModel();
    private final Replica replica;
    private final List<Changes> truth = new ArrayList<>();
    private final WatchLimits limits;
    private final WatchHub hub;
    private final List<WatchedStream> clients = new ArrayList<>();
    private final List<WatchStream> streams = new ArrayList<>();
    private final List<Changes> unheard = new ArrayList<>();
    private @Nullable CatchUp reading;
    private @Nullable Runnable read;
    private long index;

    Run(int seed) {
      random = new Random(seed);
      limits = limits(random);
      hub = new WatchHub(limits);
      commands = new RandomCommands(random);
      replica = new Replica(new MemoryEngines(new MemoryMedium()), "watched-" + seed);
    }

    /** Small limits, so that a few events make a large revision. */
    private static WatchLimits limits(Random random) {
      return random.nextInt(4) == 0
          ? WatchLimits.DEFAULT
          : new WatchLimits(
              1 + random.nextInt(4),
              1 + random.nextInt(100),
              1 + random.nextInt(40),
              1 + random.nextInt(60),
              1 + random.nextInt(60),
              random.nextInt(400),
              1 << 20,
              1 << 20);
    }

    void run() {
      for (int step = 0; step < 300; step++) {
        switch (random.nextInt(16)) {
          case 0, 1, 2, 3, 12, 13 -> write();
          case 4 -> hear();
          case 5, 14, 15 -> ask();
          case 6 -> replica.store().compactSome(1 + random.nextInt(4));
          case 7 -> room(random.nextInt(4));
          default -> readOn();
        }
        if (random.nextInt(3) == 0) {
          hear();
        }
      }
      hear();
      room(1_000_000); // a stream that has room gets no second ready
      for (int quiet = 0; quiet < 3; quiet = reading == null ? quiet + 1 : 0) {
        readOn();
      }
      clients.forEach(client -> client.endsAt(replica.store().revision()));
    }

    long parts() {
      return clients.stream().mapToLong(client -> client.parts).sum();
    }

    long answers() {
      return clients.stream().mapToLong(client -> client.answers).sum();
    }

    private void write() {
      Command command = random.nextInt(6) == 0 ? puts() : commands.command(model, index + 1, 1);
      if (command instanceof Command.SetAlarm || tooEarly(command) || isNoRequest(command)) {
        return;
      }
      model.apply(command, index + 1, 1);
      index++;
      Envelope envelope = Envelope.ofServer(new Envelope.RequestId(1, 1, index), command);
      EntryToApply entry = EntryToApply.of(index, 1, envelope);
      replica
          .store()
          .apply(
              List.of(entry),
              changed -> {
                truth.addAll(changed);
                unheard.addAll(changed);
              });
      assertThat(replica.store().revision()).isEqualTo(model.revision());
      holdTruth();
    }

    /** A revision of several keys in random order. */
    private Command puts() {
      List<Command.Op> ops = new ArrayList<>();
      for (int first = 'a' + random.nextInt(3), last = first + 2 + random.nextInt(7);
          first < last;
          last--) {
        Bytes value = Bytes.wrap(new byte[random.nextInt(20)]);
        ops.add(new Command.Put(Bytes.of(last), value, 0, false, false, false));
      }
      return new Command.Txn(List.of(), ops, List.of());
    }

    /** A small revision may put a key twice, but no large one does. */
    private boolean isNoRequest(Command command) {
      return !limits.equals(WatchLimits.DEFAULT)
          && command instanceof Command.Txn txn
          && RequestRules.check(txn, RequestRules.MAX_TXN_OPS) != null;
    }

    /** Compaction is rare, so that there are past events. */
    private boolean tooEarly(Command command) {
      return command instanceof Command.Compact && random.nextInt(4) > 0;
    }

    /** The events of the newest revision agree with the store and the model. */
    private void holdTruth() {
      if (truth.isEmpty()) {
        return;
      }
      Changes last = truth.getLast();
      for (Event event : last.events()) {
        Bytes key = event.kv().key();
        Event end = last.events().stream().filter(e -> e.kv().key().equals(key)).toList().getLast();
        KeyValue now = model.state(last.revision()).get(key);
        assertThat(end.deleted() ? null : end.kv()).isEqualTo(now);
        boolean created = event.creates();
        KeyValue before = model.state(last.revision() - 1).get(key);
        assertThat(event.previous()).isEqualTo(created ? null : before);
      }
    }

    private void hear() {
      List<Changes> changes = List.copyOf(unheard);
      unheard.clear();
      boolean lost = random.nextInt(8) == 0;
      Store store = replica.store();
      hub.applied(lost ? List.of() : changes, store.revision(), store.compactRevision());
    }

    private void ask() {
      hub.setStoreRevisions(replica.store().revision(), replica.store().compactRevision());
      if (streams.isEmpty() || (random.nextInt(10) == 0 && streams.size() < 4)) {
        WatchedStream client = new WatchedStream(truth, limits, random);
        client.room(random.nextInt(20));
        clients.add(client);
        streams.add(hub.open(client));
      }
      int one = random.nextInt(streams.size());
      WatchedStream client = clients.get(one);
      switch (random.nextInt(8)) {
        case 0 -> streams.get(one).cancel(random.nextInt(4));
        case 1 -> hub.notifyProgress();
        case 2 -> streams.get(one).progress();
        default -> {
          WatchRequest request = request();
          client.asks(request);
          streams.get(one).create(Caller.SERVER, request);
        }
      }
    }

    private WatchRequest request() {
      Range range = commands.range(model);
      long now = replica.store().revision();
      long start =
          switch (random.nextInt(6)) {
            case 0 -> 0;
            case 1 -> now + random.nextInt(6);
            case 2 -> Math.max(0, replica.store().compactRevision());
            case 3 -> random.nextInt(20) == 0 ? -1 : 1;
            default -> Math.max(1, now - random.nextInt(12));
          };
      return new WatchRequest(
          range.key(),
          range.rangeEnd(),
          start,
          random.nextInt(3) == 0 ? 1 + random.nextInt(6) : 0,
          random.nextInt(4) > 0,
          random.nextInt(6) == 0,
          random.nextInt(6) == 0,
          random.nextInt(3) == 0,
          random.nextInt(3) == 0);
    }

    private void room(int most) {
      for (int i = 0; i < streams.size(); i++) {
        clients.get(i).room(most);
        if (most > 0) {
          streams.get(i).ready();
        }
      }
    }

    /** One step of catching up: gets the next read, runs it or fails it, or delivers its result. */
    private void readOn() {
      CatchUp past = reading;
      if (past == null) {
        reading = hub.beginCatchUp();
      } else if (read == null && random.nextInt(10) == 0) {
        past.unread();
        reading = null;
      } else if (read == null) {
        try (Engine.View view = replica.engine().view()) {
          read = past.read(StoreReader.of(view));
        }
      } else {
        read.run();
        reading = null;
        read = null;
      }
    }

    @Override
    public void close() {
      replica.close();
    }
  }
}
