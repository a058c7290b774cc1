package io.balsa.ctl.cluster;

import com.google.gson.stream.JsonWriter;
import com.google.protobuf.ByteString;
import io.balsa.client.EtcdCalls;
import io.balsa.client.RequestFailed;
import io.balsa.ctl.ClientOptions;
import io.balsa.ctl.GoDuration;
import io.balsa.ctl.OutputOptions;
import io.balsa.forms.FieldsForm;
import io.balsa.forms.Form;
import io.balsa.forms.Lines;
import io.balsa.proto.etcdserverpb.AlarmRequest;
import io.balsa.proto.etcdserverpb.AlarmResponse;
import io.balsa.proto.etcdserverpb.RangeRequest;
import io.balsa.report.Table;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Checks whether servers answer a linearizable read and have no alarm. */
@Command(
    name = "health",
    description = {
      "Checks each server: it must answer a linearizable read, and have no alarm.",
      "Exit code 1 when one is unhealthy."
    },
    mixinStandardHelpOptions = true)
final class EndpointHealthCommand implements Callable<Integer> {
  private static final ByteString KEY = ByteString.copyFromUtf8("health");

  @Spec private CommandSpec spec;
  @Mixin private ClientOptions client;
  @Mixin private EachServer.Choice choice;
  @Mixin private OutputOptions output;

  /**
   * The health of a server.
   *
   * @param error empty when it is healthy
   */
  record Health(String endpoint, Duration took, String error) {
    boolean isGood() {
      return error.isEmpty();
    }
  }

  @Override
  public Integer call() throws RequestFailed {
    output.refuseProtobuf();
    EachServer servers = new EachServer(client, choice.cluster);
    List<Health> all = servers.ask((server, calls) -> check(servers, server, calls));
    output.print(new Printed(all));
    if (all.stream().allMatch(Health::isGood)) {
      return 0;
    }
    PrintWriter err = spec.commandLine().getErr();
    if (output.form() == Form.simple) {
      all.stream()
          .filter(each -> !each.isGood())
          .map(
              each -> each.endpoint() + " is unhealthy: failed to commit proposal: " + each.error())
          .forEach(err::println);
    }
    err.println("Error: unhealthy cluster");
    return 1;
  }

  private static Health check(EachServer servers, EachServer.Server server, EtcdCalls calls) {
    long begin = System.nanoTime();
    String error = error(servers, server, calls);
    return new Health(server.endpoint(), Duration.ofNanos(System.nanoTime() - begin), error);
  }

  private static String error(EachServer servers, EachServer.Server server, EtcdCalls calls) {
    try {
      var _ = EtcdCalls.await(calls.range(RangeRequest.newBuilder().setKey(KEY).build()));
      return alarms(EtcdCalls.await(calls.alarm(AlarmRequest.getDefaultInstance())));
    } catch (RequestFailed failed) {
      return servers.failure(failed, server);
    }
  }

  private static String alarms(AlarmResponse answer) {
    return answer.getAlarmsCount() == 0
        ? ""
        : answer.getAlarmsList().stream()
            .map(each -> each.getAlarm().name() + " ")
            .collect(Collectors.joining("", "Active Alarm(s): ", ""));
  }

  /** The forms of etcdctl. */
  private record Printed(List<Health> all) implements OutputOptions.Printed {
    @Override
    public void simple(Lines lines) {
      for (Health each : all) {
        if (each.isGood()) {
          lines.line(
              "%s is healthy: successfully committed proposal: took = %s"
                  .formatted(each.endpoint(), GoDuration.text(each.took())));
        }
      }
    }

    @Override
    public void json(JsonWriter out) throws IOException {
      out.beginArray();
      for (Health each : all) {
        out.beginObject().name("endpoint").value(each.endpoint());
        out.name("health").value(each.isGood()).name("took").value(GoDuration.text(each.took()));
        if (!each.isGood()) {
          out.name("error").value(each.error());
        }
        out.endObject();
      }
      out.endArray();
    }

    @Override
    public void fields(FieldsForm form) {
      for (Health each : all) {
        form.quoted("Endpoint", ByteString.copyFromUtf8(each.endpoint()))
            .field("Health", String.valueOf(each.isGood()))
            .field("Took", GoDuration.text(each.took()))
            .field("Error", each.error())
            .lines()
            .line("");
      }
    }

    @Override
    public Table table() {
      Table table = new Table("endpoint", "health", "took", "error");
      all.forEach(
          each ->
              table.row(
                  each.endpoint(),
                  String.valueOf(each.isGood()),
                  GoDuration.text(each.took()),
                  each.error()));
      return table;
    }
  }
}
