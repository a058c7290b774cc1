package io.balsa.ctl.lease;

import com.google.protobuf.ByteString;
import io.balsa.client.QueuePlace;
import io.balsa.client.RequestFailed;
import io.balsa.ctl.ClientOptions;
import io.balsa.ctl.KeyBytes;
import io.balsa.ctl.OutputOptions;
import io.balsa.ctl.ProcessWords;
import io.balsa.forms.AnswerText;
import io.balsa.forms.RawText;
import io.balsa.proto.etcdserverpb.RangeResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Holds a lock. */
@Command(
    name = "lock",
    description = {
      "Takes a lock and holds it until it is interrupted, or while a command runs.",
      "The command finds the lock's key in ETCD_LOCK_KEY and its create revision in",
      "ETCD_LOCK_REV. The command's writes should compare both."
    },
    footer = {
      "",
      "Examples:",
      "  balsa lock nightly",
      "  balsa lock nightly ./backup.sh",
      "  balsa lock nightly -- tar -cf backup.tar data"
    })
public final class LockCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ClientOptions client;
  @Mixin private OutputOptions output;

  @Parameters(
      index = "0",
      paramLabel = "NAME",
      converter = KeyBytes.class,
      description = "the lock")
  private ByteString name = ByteString.EMPTY;

  @Parameters(
      index = "1..*",
      arity = "0..*",
      paramLabel = "COMMAND",
      description = "the command to run; after -- when it has options")
  private List<String> words = new ArrayList<>();

  @Option(
      names = "--ttl",
      paramLabel = "SECONDS",
      description =
          "time after which others may take the lock if this process dies (${DEFAULT-VALUE})")
  private long ttl = 10;

  @Override
  public Integer call() throws RequestFailed {
    if (!words.isEmpty()) {
      ProcessWords.refuseAltered(RawText.of(name.toByteArray()));
      words.forEach(ProcessWords::refuseAltered);
    }
    return new HeldLock(spec, client, HeldLock.Prize.LOCK, ttl)
        .run(name, ByteString.EMPTY, words.isEmpty() ? this::hold : this::runIt);
  }

  private int hold(QueuePlace place, RangeResponse own, CompletableFuture<?> over)
      throws InterruptedException {
    output.print(own, lines -> AnswerText.print(lines, own), () -> AnswerText.table(own));
    HeldLock.awaitFirst(over, over);
    return 0;
  }

  private int runIt(QueuePlace place, RangeResponse own, CompletableFuture<?> over)
      throws InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(words).inheritIO();
    builder
        .environment()
        .putAll(
            Map.of(
                "ETCD_LOCK_KEY",
                RawText.of(place.key().toByteArray()),
                "ETCD_LOCK_REV",
                String.valueOf(place.createRevision())));
    Process running = start(builder);
    try {
      HeldLock.awaitFirst(running.onExit(), over);
    } finally {
      running.destroy();
    }
    return running.waitFor();
  }

  private static Process start(ProcessBuilder builder) {
    try {
      return builder.start();
    } catch (IOException e) {
      throw ProcessWords.notStarted(builder.command().getFirst(), e);
    }
  }
}
