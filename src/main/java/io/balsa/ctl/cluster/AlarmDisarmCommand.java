package io.balsa.ctl.cluster;

import io.balsa.client.RequestFailed;
import io.balsa.ctl.ClientOptions;
import io.balsa.ctl.OutputOptions;
import io.balsa.forms.AlarmText;
import io.balsa.proto.etcdserverpb.AlarmMember;
import io.balsa.proto.etcdserverpb.AlarmRequest;
import io.balsa.proto.etcdserverpb.AlarmRequest.AlarmAction;
import io.balsa.proto.etcdserverpb.AlarmResponse;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Clears alarms. */
@Command(
    name = "disarm",
    description = "Clears all alarms, and prints those that it cleared.",
    mixinStandardHelpOptions = true)
final class AlarmDisarmCommand implements Callable<Integer> {
  @Mixin private ClientOptions client;
  @Mixin private OutputOptions output;

  /** As etcd's client does it: one request for each alarm; the sum of the answers has no header. */
  @Override
  public Integer call() throws RequestFailed {
    AlarmResponse raised = client.ask(calls -> calls.alarm(AlarmRequest.getDefaultInstance()));
    AlarmResponse.Builder cleared = AlarmResponse.newBuilder();
    for (AlarmMember each : raised.getAlarmsList()) {
      AlarmRequest request =
          AlarmRequest.newBuilder()
              .setAction(AlarmAction.DEACTIVATE)
              .setMemberID(each.getMemberID())
              .setAlarm(each.getAlarm())
              .build();
      AlarmResponse answer = client.change(calls -> calls.alarm(request));
      cleared.addAllAlarms(answer.getAlarmsList());
    }
    AlarmResponse all = cleared.build();
    output.print(all, lines -> AlarmText.print(lines, all), () -> AlarmText.table(all));
    return 0;
  }
}
