package io.balsa.ctl.kv;

import io.balsa.client.RequestFailed;
import io.balsa.ctl.ClientOptions;
import io.balsa.ctl.OutputOptions;
import io.balsa.proto.etcdserverpb.CompactionRequest;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Compacts the history. */
@Command(
    name = "compaction",
    aliases = "compact",
    description = "Compacts the history of keys before a revision.",
    footer = {"", "Example:", "  balsa compaction 1000"})
public final class CompactionCommand implements Callable<Integer> {
  @Mixin private ClientOptions client;
  @Mixin private OutputOptions output;

  @Parameters(paramLabel = "REVISION", description = "the oldest revision that stays readable")
  private long revision;

  @Option(
      names = "--physical",
      description = "wait until the old revisions are deleted from the store")
  private boolean physical;

  @Override
  public Integer call() throws RequestFailed {
    CompactionRequest request =
        CompactionRequest.newBuilder().setRevision(revision).setPhysical(physical).build();
    var _ = client.change(calls -> calls.compact(request));
    output.printLine("compacted revision " + revision);
    return 0;
  }
}
