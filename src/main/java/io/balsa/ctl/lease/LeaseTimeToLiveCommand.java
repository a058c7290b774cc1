package io.balsa.ctl.lease;

import io.balsa.client.RequestFailed;
import io.balsa.ctl.ClientOptions;
import io.balsa.ctl.LeaseId;
import io.balsa.ctl.OutputOptions;
import io.balsa.forms.LeaseText;
import io.balsa.proto.etcdserverpb.LeaseTimeToLiveRequest;
import io.balsa.proto.etcdserverpb.LeaseTimeToLiveResponse;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows the remaining time of a lease. */
@Command(
    name = "timetolive",
    description = "Shows the remaining time to live of a lease.",
    mixinStandardHelpOptions = true)
final class LeaseTimeToLiveCommand implements Callable<Integer> {
  @Mixin private ClientOptions client;
  @Mixin private OutputOptions output;

  @Parameters(paramLabel = "ID", description = "the lease, as 'balsa lease grant' prints it")
  private String lease = "";

  @Option(names = "--keys", description = "also show the keys attached to it")
  private boolean keys;

  @Override
  public Integer call() throws RequestFailed {
    LeaseTimeToLiveRequest request =
        LeaseTimeToLiveRequest.newBuilder().setID(LeaseId.parse("ID", lease)).setKeys(keys).build();
    LeaseTimeToLiveResponse answer = client.ask(calls -> calls.leaseTimeToLive(request));
    output.print(
        answer, lines -> lines.line(LeaseText.of(answer, keys)), () -> LeaseText.table(answer));
    return 0;
  }
}
