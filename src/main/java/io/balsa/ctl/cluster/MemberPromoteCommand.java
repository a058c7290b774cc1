package io.balsa.ctl.cluster;

import io.balsa.client.RequestFailed;
import io.balsa.ctl.ClientOptions;
import io.balsa.ctl.OutputOptions;
import io.balsa.proto.etcdserverpb.MemberPromoteResponse;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Asks the cluster to let a learner vote. */
@Command(
    name = "promote",
    description = "Asks the cluster to let a learner vote.",
    mixinStandardHelpOptions = true)
final class MemberPromoteCommand implements Callable<Integer> {
  @Mixin private ClientOptions client;
  @Mixin private OutputOptions output;

  @Parameters(paramLabel = "ID", description = "the member's id in hexadecimal")
  private String id;

  @Override
  public Integer call() throws RequestFailed {
    long member = MemberId.parse(id);
    MemberPromoteResponse answer = client.change(calls -> calls.memberPromote(member));
    output.print(
        answer,
        "Member %s promoted in cluster %s"
            .formatted(
                MemberId.padded(member), MemberId.padded(answer.getHeader().getClusterId())));
    return 0;
  }
}
