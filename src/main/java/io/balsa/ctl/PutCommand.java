package io.balsa.ctl;

import io.balsa.client.RequestFailed;
import io.balsa.proto.etcdserverpb.PutResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Writes a key. */
@Command(
    name = "put",
    description = "Writes a key; without VALUE, reads the value from standard input.",
    footer = {
      "",
      "Examples:",
      "  balsa put greeting hello",
      "  balsa put --endpoints=10.0.0.1:2379 --prev-kv greeting 'good morning'",
      "  balsa put config < config.json"
    })
public final class PutCommand implements Callable<Integer> {
  @Mixin private ClientOptions client;
  @Mixin private OutputOptions output;
  @Mixin private PutOptions put;

  @Override
  public Integer call() throws RequestFailed, IOException {
    if (put.lacksValue()) {
      put.value = new String(System.in.readAllBytes(), StandardCharsets.UTF_8);
    }
    PutResponse answer = client.ask(calls -> calls.put(put.request()));
    output.print(answer, AnswerText.of(answer));
    return 0;
  }
}
