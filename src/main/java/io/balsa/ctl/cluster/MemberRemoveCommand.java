package io.balsa.ctl.cluster;

import io.balsa.client.RequestFailed;
import io.balsa.ctl.ClientOptions;
import io.balsa.ctl.OutputOptions;
import io.balsa.proto.etcdserverpb.MemberRemoveResponse;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Asks the cluster to remove a member. */
@Command(
    name = "remove",
    description = "Asks the cluster to remove a member.",
    mixinStandardHelpOptions = true)
final class MemberRemoveCommand implements Callable<Integer> {
  @Mixin private ClientOptions client;
  @Mixin private OutputOptions output;

  @Parameters(paramLabel = "ID", description = "the member's id in hexadecimal")
  private String id;

  @Override
  public Integer call() throws RequestFailed {
    long member = MemberId.parse(id);
    MemberRemoveResponse answer = client.change(calls -> calls.memberRemove(member));
    output.print(
        answer,
        "Member %s removed from cluster %s"
            .formatted(
                MemberId.padded(member), MemberId.padded(answer.getHeader().getClusterId())));
    return 0;
  }
}
