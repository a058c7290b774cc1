package io.balsa.ctl.kv;

import io.balsa.client.RequestFailed;
import io.balsa.ctl.ClientOptions;
import io.balsa.ctl.OutputOptions;
import io.balsa.forms.AnswerText;
import io.balsa.proto.etcdserverpb.DeleteRangeRequest;
import io.balsa.proto.etcdserverpb.DeleteRangeResponse;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Deletes keys. */
@Command(
    name = "del",
    description = "Deletes a key or a range of keys and prints the number of deleted keys.",
    footer = {"", "Examples:", "  balsa del greeting", "  balsa del --prefix users/"})
public final class DelCommand implements Callable<Integer> {
  private static final long WARNING_SECONDS = 2;

  @Spec private CommandSpec command;
  @Mixin private ClientOptions client;
  @Mixin private OutputOptions output;
  @Mixin private DeleteOptions delete;

  @Option(names = "--range", description = "delete from KEY to END without a wait of 2 seconds")
  private boolean range;

  @Override
  public Integer call() throws RequestFailed, InterruptedException {
    DeleteRangeRequest request = delete.request();
    if (delete.keys.end != null && !range) {
      warn();
    }
    DeleteRangeResponse answer = client.change(calls -> calls.deleteRange(request));
    output.print(answer, lines -> AnswerText.print(lines, answer));
    return 0;
  }

  private void warn() throws InterruptedException {
    command
        .commandLine()
        .getErr()
        .println(
            "Warning: the keys from KEY to END will be deleted in 2 seconds; interrupt this command"
                + " to keep them. --range saves the wait.");
    TimeUnit.SECONDS.sleep(WARNING_SECONDS);
  }
}
