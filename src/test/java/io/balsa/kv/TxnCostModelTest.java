package io.balsa.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.balsa.engine.MemoryEngines;
import io.balsa.engine.MemoryMedium;
import io.balsa.model.Caller;
import io.balsa.model.Command;
import io.balsa.model.Digest;
import io.balsa.model.EntryToApply;
import io.balsa.model.Envelope;
import io.balsa.model.KvError;
import io.balsa.model.Result;
import io.balsa.model.StoreLimits;
import io.balsa.model.WriteId;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Random histories under limits so small that they are often met: a command is refused for its cost
 * and changes nothing, or is answered as by the model. A second replica, of which nobody wants
 * anything, which batches otherwise, crashes, and compacts at other times, refuses the same and has
 * the same hash.
 */
class TxnCostModelTest {
  private static final StoreLimits LIMITS =
      StoreLimits.DEFAULT
          .withSweepKeys(2_000)
          .withTxnKeys(5)
          .withAnswerBytes(260)
          .withChunkBytes(1_500)
          .withChangesBytes(1 << 20)
          .withLeases(1_000);

  private int tooManyKeys;
  private int tooLarge;
  private int done;

  @Test
  void whatIsTooDearChangesNothingAndIsRefusedByAllAlike() {
    for (int seed = 0; seed < 200; seed++) {
      History history = new History(seed);
      assertThatCode(history::run).as("seed %d", seed).doesNotThrowAnyException();
    }
    assertThat(List.of(tooManyKeys, tooLarge, done)).allMatch(count -> count > 100);
  }

  private final class History {
    private final Random random;
    private final RandomCommands commands;
    private final StoreModel model = new StoreModel();
    private final Replica asked;
    private final Replica other;
    private final List<EntryToApply> log = new ArrayList<>();
    private final List<Result> results = new ArrayList<>();
    private int given;

    History(int seed) {
      random = new Random(seed);
      commands = new RandomCommands(random);
      MemoryEngines engines = new MemoryEngines(new MemoryMedium());
      asked = new Replica(engines, "asked", LIMITS);
      other = new Replica(engines, "other", LIMITS);
    }

    void run() {
      for (int step = 0; step < 80; step++) {
        write();
        switch (random.nextInt(8)) {
          case 0 -> other.flush();
          case 1 -> assertThat(other.crash()).isTrue();
          case 2, 3 -> other.store().compactSome(1 + random.nextInt(4));
          case 4 -> asked.store().compactSome(1 + random.nextInt(4));
          default -> give();
        }
      }
      give();
    }

    private void write() {
      long index = log.size() + 1L;
      long term = 1 + index / 10;
      Command command = commands.command(model, index, term);
      boolean named = Commands.isRemembered(command) && random.nextInt(3) == 0;
      WriteId write = named ? new WriteId(1, index) : WriteId.NONE;
      Envelope.RequestId id = new Envelope.RequestId(1, 1, index);
      EntryToApply entry =
          EntryToApply.of(index, term, new Envelope(id, write, Caller.nobody(1), command));
      long revision = asked.store().revision();
      Result result = asked.apply(List.of(entry)).getFirst();
      if (isTooDear(result)) {
        assertThat(asked.store().revision()).isEqualTo(revision);
      } else {
        assertThat(result).isEqualTo(model.apply(command, index, term));
        done += command instanceof Command.Txn ? 1 : 0;
      }
      assertThat(asked.store().revision()).isEqualTo(model.revision());
      assertThat(asked.store().keys()).isEqualTo(model.state(model.revision()).size());
      log.add(entry);
      results.add(result);
    }

    private boolean isTooDear(Result result) {
      if (!(result instanceof Result.Refused refused)) {
        return false;
      }
      tooManyKeys += refused.error() == KvError.TXN_TOO_LARGE ? 1 : 0;
      tooLarge += refused.error() == KvError.ANSWER_TOO_LARGE ? 1 : 0;
      return refused.error() == KvError.TXN_TOO_LARGE
          || refused.error() == KvError.ANSWER_TOO_LARGE;
    }

    private void give() {
      List<EntryToApply> waiting =
          log.subList(given, log.size()).stream()
              .map(entry -> Conformance.inRoom(entry, null))
              .toList();
      List<Result> answers = new ArrayList<>();
      while (answers.size() < waiting.size()) {
        int most = 1 + random.nextInt(5);
        List<EntryToApply> left = waiting.subList(answers.size(), waiting.size());
        answers.addAll(other.apply(left.subList(0, Math.min(most, left.size()))));
      }
      for (int i = 0; i < answers.size(); i++) {
        Result wanted = results.get(given + i);
        assertThat(answers.get(i).bytes()).isEqualTo(wanted.bytes());
        assertThat(Digest.shape(answers.get(i))).isEqualTo(Digest.shape(wanted));
        if (wanted instanceof Result.Refused) {
          assertThat(answers.get(i)).isEqualTo(wanted);
        }
      }
      given = log.size();
      assertThat(other.store().appliedHash()).isEqualTo(asked.store().appliedHash());
    }
  }
}
