package io.balsa.ctl.lease;

import io.balsa.client.EtcdCalls;
import io.balsa.client.RequestFailed;
import io.balsa.ctl.ClientOptions;
import io.balsa.ctl.OutputOptions;
import io.balsa.forms.LeaseText;
import io.balsa.proto.etcdserverpb.LeaseLeasesResponse;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Lists leases. */
@Command(name = "list", description = "Lists all leases.", mixinStandardHelpOptions = true)
final class LeaseListCommand implements Callable<Integer> {
  @Mixin private ClientOptions client;
  @Mixin private OutputOptions output;

  @Override
  public Integer call() throws RequestFailed {
    LeaseLeasesResponse answer = client.ask(EtcdCalls::leaseLeases);
    output.print(answer, lines -> LeaseText.print(lines, answer), () -> LeaseText.table(answer));
    return 0;
  }
}
