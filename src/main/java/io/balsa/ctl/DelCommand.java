package io.balsa.ctl;

import io.balsa.client.RequestFailed;
import io.balsa.proto.etcdserverpb.DeleteRangeResponse;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Deletes keys. */
@Command(
    name = "del",
    description = "Deletes a key or a range of keys and prints the number of deleted keys.",
    footer = {"", "Examples:", "  balsa del greeting", "  balsa del --prefix users/"})
public final class DelCommand implements Callable<Integer> {
  @Mixin private ClientOptions client;
  @Mixin private OutputOptions output;
  @Mixin private DeleteOptions delete;

  @Override
  public Integer call() throws RequestFailed {
    DeleteRangeResponse answer = client.ask(calls -> calls.deleteRange(delete.request()));
    output.print(answer, AnswerText.of(answer));
    return 0;
  }
}
