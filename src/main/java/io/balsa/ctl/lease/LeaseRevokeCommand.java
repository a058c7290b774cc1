package io.balsa.ctl.lease;

import io.balsa.client.RequestFailed;
import io.balsa.ctl.ClientOptions;
import io.balsa.ctl.LeaseId;
import io.balsa.ctl.OutputOptions;
import io.balsa.forms.LeaseText;
import io.balsa.proto.etcdserverpb.LeaseRevokeRequest;
import io.balsa.proto.etcdserverpb.LeaseRevokeResponse;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Revokes a lease. */
@Command(
    name = "revoke",
    description = "Revokes a lease and deletes the keys attached to it.",
    mixinStandardHelpOptions = true)
final class LeaseRevokeCommand implements Callable<Integer> {
  @Mixin private ClientOptions client;
  @Mixin private OutputOptions output;

  @Parameters(paramLabel = "ID", description = "the lease, as 'balsa lease grant' prints it")
  private String lease = "";

  @Override
  public Integer call() throws RequestFailed {
    long id = LeaseId.parse("ID", lease);
    LeaseRevokeRequest request = LeaseRevokeRequest.newBuilder().setID(id).build();
    LeaseRevokeResponse answer = client.change(calls -> calls.leaseRevoke(request));
    output.print(answer, "lease " + LeaseText.id(id) + " revoked");
    return 0;
  }
}
