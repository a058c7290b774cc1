package io.balsa.ctl.cluster;

import io.balsa.client.RequestFailed;
import io.balsa.ctl.ClientOptions;
import io.balsa.ctl.OutputOptions;
import io.balsa.proto.etcdserverpb.MemberUpdateRequest;
import io.balsa.proto.etcdserverpb.MemberUpdateResponse;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Asks the cluster to change the peer URLs of a member. */
@Command(
    name = "update",
    description = "Asks the cluster to change the peer URLs of a member.",
    mixinStandardHelpOptions = true)
final class MemberUpdateCommand implements Callable<Integer> {
  @Mixin private ClientOptions client;
  @Mixin private OutputOptions output;

  @Parameters(paramLabel = "ID", description = "the member's id in hexadecimal")
  private String id;

  @Option(
      names = "--peer-urls",
      required = true,
      paramLabel = "URL,...",
      description = "its new peer URLs")
  private String peerUrls;

  @Override
  public Integer call() throws RequestFailed {
    long member = MemberId.parse(id);
    MemberUpdateRequest request =
        MemberUpdateRequest.newBuilder()
            .setID(member)
            .addAllPeerURLs(List.of(peerUrls.split(",", -1)))
            .build();
    MemberUpdateResponse answer = client.change(calls -> calls.memberUpdate(request));
    output.print(
        answer,
        "Member %s updated in cluster %s"
            .formatted(
                MemberId.padded(member), MemberId.padded(answer.getHeader().getClusterId())));
    return 0;
  }
}
