package io.balsa.ctl.cluster;

import io.balsa.client.EtcdCalls;
import io.balsa.client.RequestFailed;
import io.balsa.ctl.ClientOptions;
import io.balsa.ctl.GoDuration;
import io.balsa.ctl.OutputOptions;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Asks servers to defragment their store, one after the other. */
@Command(
    name = "defrag",
    description = {
      "Asks each server to free the unused space of its store, one after the other.",
      "",
      "Balsa's servers free it by themselves and answer at once: scripts for etcd keep working."
    },
    mixinStandardHelpOptions = true,
    footer = {"", "Example:", "  balsa defrag --cluster"})
public final class DefragCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ClientOptions client;
  @Mixin private OutputOptions output;
  @Mixin private EachServer.Choice choice;

  @Override
  public Integer call() throws RequestFailed {
    EachServer servers = new EachServer(client, choice.cluster);
    boolean good = true;
    for (EachServer.Server each : servers.servers()) {
      good &= servers.askOne((server, calls) -> defragment(servers, server, calls), each);
    }
    return good ? 0 : 1;
  }

  private boolean defragment(EachServer servers, EachServer.Server server, EtcdCalls calls) {
    long begin = System.nanoTime();
    try {
      var _ = EtcdCalls.await(calls.defragment());
      output.printLine(
          "Finished defragmenting etcd member[%s]. took %s"
              .formatted(server.endpoint(), since(begin)));
      return true;
    } catch (RequestFailed failed) {
      PrintWriter err = spec.commandLine().getErr();
      err.println(
          "Failed to defragment etcd member[%s]. took %s. (%s)"
              .formatted(server.endpoint(), since(begin), servers.failure(failed, server)));
      return false;
    }
  }

  private static String since(long begin) {
    return GoDuration.text(Duration.ofNanos(System.nanoTime() - begin));
  }
}
