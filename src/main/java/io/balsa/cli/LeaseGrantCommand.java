package io.balsa.cli;

import io.balsa.client.RequestFailed;
import io.balsa.proto.etcdserverpb.LeaseGrantRequest;
import io.balsa.proto.etcdserverpb.LeaseGrantResponse;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Makes a lease. */
@Command(
    name = "grant",
    description = "Makes a lease, which ends after a time unless it is renewed.",
    mixinStandardHelpOptions = true)
final class LeaseGrantCommand implements Callable<Integer> {
  @Mixin private ClientOptions client;
  @Mixin private OutputOptions output;

  @Parameters(paramLabel = "TTL", description = "its time in seconds; servers may give more")
  private long ttl;

  @Override
  public Integer call() throws RequestFailed {
    if (ttl < 1) {
      throw new BadInput("TTL: '" + ttl + "' is not a number of seconds from 1 on");
    }
    LeaseGrantRequest request = LeaseGrantRequest.newBuilder().setTTL(ttl).build();
    LeaseGrantResponse answer = client.ask(calls -> calls.leaseGrant(request));
    output.print(answer, LeaseText.of(answer), LeaseText.table(answer));
    return 0;
  }
}
