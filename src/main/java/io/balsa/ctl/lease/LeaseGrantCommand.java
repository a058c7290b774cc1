package io.balsa.ctl.lease;

import io.balsa.client.RequestFailed;
import io.balsa.ctl.BadInput;
import io.balsa.ctl.ClientOptions;
import io.balsa.ctl.OutputOptions;
import io.balsa.forms.LeaseText;
import io.balsa.proto.etcdserverpb.LeaseGrantRequest;
import io.balsa.proto.etcdserverpb.LeaseGrantResponse;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Grants a lease. */
@Command(
    name = "grant",
    description = "Grants a lease, which expires after a time unless it is renewed.",
    mixinStandardHelpOptions = true)
final class LeaseGrantCommand implements Callable<Integer> {
  @Mixin private ClientOptions client;
  @Mixin private OutputOptions output;

  @Parameters(
      paramLabel = "TTL",
      description = "time to live in seconds; the server may grant more")
  private long ttl;

  @Override
  public Integer call() throws RequestFailed {
    if (ttl < 1) {
      throw new BadInput("TTL: '" + ttl + "' is not a number of seconds from 1 on");
    }
    LeaseGrantRequest request = LeaseGrantRequest.newBuilder().setTTL(ttl).build();
    LeaseGrantResponse answer = client.change(calls -> calls.leaseGrant(request));
    output.print(answer, lines -> lines.line(LeaseText.of(answer)), () -> LeaseText.table(answer));
    return 0;
  }
}
