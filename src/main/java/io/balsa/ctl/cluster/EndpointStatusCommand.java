package io.balsa.ctl.cluster;

import com.google.gson.stream.JsonWriter;
import com.google.protobuf.ByteString;
import io.balsa.client.EtcdCalls;
import io.balsa.client.RequestFailed;
import io.balsa.ctl.ClientOptions;
import io.balsa.ctl.OutputOptions;
import io.balsa.forms.FieldsForm;
import io.balsa.forms.Json;
import io.balsa.forms.Lines;
import io.balsa.proto.etcdserverpb.StatusResponse;
import io.balsa.report.Table;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Shows the status of servers in etcdctl's forms. */
@Command(
    name = "status",
    description = {
      "Shows the status of each server as etcdctl does: endpoint, ID, version, sizes, role, term,",
      "log, errors. Exit code 1 when a server does not answer. See also 'balsa status'."
    },
    mixinStandardHelpOptions = true)
final class EndpointStatusCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ClientOptions client;
  @Mixin private EachServer.Choice choice;
  @Mixin private OutputOptions output;

  @Override
  public Integer call() throws RequestFailed {
    output.refuseProtobuf();
    EachServer servers = new EachServer(client, choice.cluster);
    List<Answered<StatusResponse>> all = Answered.ask(servers, EtcdCalls::status);
    List<Answered<StatusResponse>> present = Answered.present(all);
    Answered.sayFailures(all, "status", spec.commandLine().getErr());
    output.print(new Printed(present));
    return present.size() == all.size() ? 0 : 1;
  }

  /** The forms of etcdctl 3.7. */
  private record Printed(List<Answered<StatusResponse>> all) implements OutputOptions.Printed {
    @Override
    public void simple(Lines lines) {
      table().rows().forEach(row -> lines.line(String.join(", ", row)));
    }

    @Override
    public Table table() {
      Table table =
          new Table(
              "endpoint",
              "ID",
              "version",
              "storage version",
              "db size",
              "in use",
              "percentage not in use",
              "quota",
              "is leader",
              "is learner",
              "raft term",
              "raft index",
              "raft applied index",
              "errors",
              "downgrade target version",
              "downgrade enabled");
      all.forEach(each -> table.row(row(each.endpoint(), each.get())));
      return table;
    }

    private static String[] row(String endpoint, StatusResponse it) {
      return new String[] {
        endpoint,
        Long.toHexString(it.getHeader().getMemberId()),
        it.getVersion(),
        it.getStorageVersion(),
        DecimalSize.text(it.getDbSize()),
        DecimalSize.text(it.getDbSizeInUse()),
        notInUse(it) + "%",
        DecimalSize.text(it.getDbSizeQuota()),
        String.valueOf(it.getLeader() == it.getHeader().getMemberId()),
        String.valueOf(it.getIsLearner()),
        Long.toUnsignedString(it.getRaftTerm()),
        Long.toUnsignedString(it.getRaftIndex()),
        Long.toUnsignedString(it.getRaftAppliedIndex()),
        String.join(", ", it.getErrorsList()),
        it.getDowngradeInfo().getTargetVersion(),
        String.valueOf(it.getDowngradeInfo().getEnabled())
      };
    }

    private static long notInUse(StatusResponse it) {
      return it.getDbSize() == 0 ? 0 : 100 - it.getDbSizeInUse() * 100 / it.getDbSize();
    }

    @Override
    public void json(JsonWriter out) throws IOException {
      out.beginArray();
      for (Answered<StatusResponse> each : all) {
        out.beginObject().name("Endpoint").value(each.endpoint());
        Json.write(out.name("Status"), each.get());
        out.endObject();
      }
      out.endArray();
    }

    @Override
    public void fields(FieldsForm form) {
      all.forEach(each -> fields(form, each.endpoint(), each.get()));
    }

    private static void fields(FieldsForm form, String endpoint, StatusResponse it) {
      form.header(it.getHeader())
          .quoted("Version", it.getVersionBytes())
          .quoted("StorageVersion", it.getStorageVersionBytes())
          .number("DBSize", it.getDbSize())
          .number("DBSizeInUse", it.getDbSizeInUse())
          .number("DBSizeQuota", it.getDbSizeQuota())
          .field("Leader", Long.toUnsignedString(it.getLeader()))
          .field("IsLearner", String.valueOf(it.getIsLearner()))
          .field("RaftIndex", Long.toUnsignedString(it.getRaftIndex()))
          .field("RaftAppliedIndex", Long.toUnsignedString(it.getRaftAppliedIndex()))
          .field("Errors", "[" + String.join(" ", it.getErrorsList()) + "]")
          .quoted("Endpoint", ByteString.copyFromUtf8(endpoint))
          .quoted("DowngradeTargetVersion", it.getDowngradeInfo().getTargetVersionBytes())
          .field("DowngradeEnabled", String.valueOf(it.getDowngradeInfo().getEnabled()))
          .lines()
          .line("");
    }
  }
}
