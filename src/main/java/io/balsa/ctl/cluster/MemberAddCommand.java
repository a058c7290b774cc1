package io.balsa.ctl.cluster;

import io.balsa.client.RequestFailed;
import io.balsa.ctl.ClientOptions;
import io.balsa.ctl.OutputOptions;
import io.balsa.forms.Form;
import io.balsa.forms.Lines;
import io.balsa.proto.etcdserverpb.Member;
import io.balsa.proto.etcdserverpb.MemberAddRequest;
import io.balsa.proto.etcdserverpb.MemberAddResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Asks the cluster to add a member. */
@Command(
    name = "add",
    description = "Asks the cluster to add a member, and prints the settings to start it with.",
    mixinStandardHelpOptions = true)
final class MemberAddCommand implements Callable<Integer> {
  @Mixin private ClientOptions client;
  @Mixin private OutputOptions output;

  @Parameters(paramLabel = "NAME", description = "the new member's --name")
  private String name;

  @Option(
      names = "--peer-urls",
      required = true,
      paramLabel = "URL,...",
      description = "the new member's peer URLs")
  private String peerUrls;

  @Option(names = "--learner", description = "add it as a learner, which does not vote")
  private boolean learner;

  @Override
  public Integer call() throws RequestFailed {
    MemberAddRequest request =
        MemberAddRequest.newBuilder()
            .addAllPeerURLs(List.of(peerUrls.split(",", -1)))
            .setIsLearner(learner)
            .build();
    MemberAddResponse answer = client.change(calls -> calls.memberAdd(request));
    output.print(answer, lines -> print(lines, answer));
    return 0;
  }

  private void print(Lines lines, MemberAddResponse answer) {
    lines.line(
        "Member %s added%sto cluster %s"
            .formatted(
                MemberId.padded(answer.getMember().getID()),
                answer.getMember().getIsLearner() ? " as learner " : " ",
                MemberId.padded(answer.getHeader().getClusterId())));
    if (output.form() == Form.simple) {
      lines.line("");
      lines.line("ETCD_NAME=\"" + name + "\"");
      lines.line("ETCD_INITIAL_CLUSTER=\"" + String.join(",", cluster(answer)) + "\"");
      lines.line("ETCD_INITIAL_ADVERTISE_PEER_URLS=\"" + peerUrls + "\"");
      lines.line("ETCD_INITIAL_CLUSTER_STATE=\"existing\"");
    }
  }

  private List<String> cluster(MemberAddResponse answer) {
    List<String> all = new ArrayList<>();
    for (Member each : answer.getMembersList()) {
      String known = each.getID() == answer.getMember().getID() ? name : each.getName();
      each.getPeerURLsList().forEach(url -> all.add(known + "=" + url));
    }
    return all;
  }
}
