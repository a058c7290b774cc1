package io.balsa.ctl.cluster;

import io.balsa.client.EtcdCalls;
import io.balsa.client.RequestFailed;
import io.balsa.ctl.BadInput;
import io.balsa.ctl.ClientOptions;
import io.balsa.ctl.OutputOptions;
import io.balsa.proto.etcdserverpb.MoveLeaderResponse;
import io.balsa.proto.etcdserverpb.StatusResponse;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Asks the leader to hand over to another member. */
@Command(
    name = "move-leader",
    description = "Asks the leader, which must be one of the endpoints, to hand over to a member.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Example:",
      "  balsa move-leader 8e9e05c52164694d \\",
      "    --endpoints=10.0.0.1:2379,10.0.0.2:2379,10.0.0.3:2379"
    })
public final class MoveLeaderCommand implements Callable<Integer> {
  @Mixin private ClientOptions client;
  @Mixin private OutputOptions output;

  @Parameters(paramLabel = "ID", description = "the member that shall lead, in hexadecimal")
  private String id;

  @Override
  public Integer call() throws RequestFailed {
    long target = MemberId.parse(id);
    EachServer servers = new EachServer(client, false);
    List<Answered<StatusResponse>> all = Answered.ask(servers, EtcdCalls::status);
    Answered<StatusResponse> leading =
        all.stream()
            .filter(each -> each.answer().filter(MoveLeaderCommand::leads).isPresent())
            .findFirst()
            .orElseThrow(() -> new BadInput(noLeader(all)));
    MoveLeaderResponse answer;
    try (EtcdCalls calls = client.callsAt(client.address("--endpoints", leading.endpoint()))) {
      answer = EtcdCalls.await(calls.moveLeader(target));
    }
    output.print(
        answer,
        "Leadership transferred from %x to %x".formatted(leading.get().getLeader(), target));
    return 0;
  }

  private static boolean leads(StatusResponse status) {
    return status.getLeader() != 0 && status.getLeader() == status.getHeader().getMemberId();
  }

  /** Says why, where a server did not answer. */
  private static String noLeader(List<Answered<StatusResponse>> all) {
    List<String> endpoints = all.stream().map(Answered::endpoint).toList();
    String hint =
        all.stream()
            .filter(each -> each.answer().isEmpty())
            .map(each -> (all.size() == 1 ? "" : each.endpoint() + ": ") + each.failure())
            .findFirst()
            .orElse("give the leader's, see 'balsa endpoint status --cluster'");
    return "no leader endpoint given at [" + String.join(" ", endpoints) + "]: " + hint;
  }
}
