package io.balsa.ctl.cluster;

import io.balsa.client.RequestFailed;
import io.balsa.ctl.BadInput;
import io.balsa.ctl.ClientOptions;
import io.balsa.ctl.OutputOptions;
import io.balsa.forms.MemberText;
import io.balsa.proto.etcdserverpb.MemberListResponse;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Lists the members. */
@Command(
    name = "list",
    description = {
      "Lists all members of the cluster: ID, state, name, peer URLs, client URLs, and whether the",
      "member is a learner."
    },
    mixinStandardHelpOptions = true)
final class MemberListCommand implements Callable<Integer> {
  @Mixin private ClientOptions client;
  @Mixin private OutputOptions output;

  @Option(
      names = "--consistency",
      paramLabel = "l|s",
      description =
          "l: linearizable, needs a quorum; s: serializable, as the asked server knows it (l)")
  private String consistency = "l";

  @Override
  public Integer call() throws RequestFailed {
    boolean linearizable =
        switch (consistency.toLowerCase(Locale.ROOT)) {
          case "l" -> true;
          case "s" -> false;
          default -> throw new BadInput("--consistency: '" + consistency + "' is neither l nor s");
        };
    MemberListResponse answer = client.ask(calls -> calls.memberList(linearizable));
    output.print(answer, lines -> MemberText.print(lines, answer), () -> MemberText.table(answer));
    return 0;
  }
}
