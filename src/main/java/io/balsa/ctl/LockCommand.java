package io.balsa.ctl;

import io.balsa.client.QueuePlace;
import io.balsa.client.RequestFailed;
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

  @Parameters(index = "0", paramLabel = "NAME", description = "the lock")
  private String name = "";

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
    return new HeldLock(spec, client, ttl)
        .run(name, "", words.isEmpty() ? this::hold : this::runIt);
  }

  private int hold(QueuePlace place, RangeResponse own, CompletableFuture<?> over)
      throws InterruptedException {
    output.print(own, place.key().toStringUtf8(), AnswerText.table(own));
    spec.commandLine().getOut().flush();
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
                place.key().toStringUtf8(),
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
      throw new BadInput("COMMAND: " + e.getMessage());
    }
  }
}
