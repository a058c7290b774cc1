package io.balsa.ctl.cluster;

import io.balsa.client.RequestFailed;
import io.balsa.ctl.ClientOptions;
import io.balsa.ctl.OutputOptions;
import io.balsa.forms.AlarmText;
import io.balsa.proto.etcdserverpb.AlarmRequest;
import io.balsa.proto.etcdserverpb.AlarmResponse;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Lists alarms. */
@Command(name = "list", description = "Lists all alarms.", mixinStandardHelpOptions = true)
final class AlarmListCommand implements Callable<Integer> {
  @Mixin private ClientOptions client;
  @Mixin private OutputOptions output;

  @Override
  public Integer call() throws RequestFailed {
    AlarmResponse answer = client.ask(calls -> calls.alarm(AlarmRequest.getDefaultInstance()));
    output.print(answer, lines -> AlarmText.print(lines, answer), () -> AlarmText.table(answer));
    return 0;
  }
}
