package io.balsa.ctl.cluster;

import com.google.gson.stream.JsonWriter;
import com.google.protobuf.ByteString;
import io.balsa.client.RequestFailed;
import io.balsa.ctl.ClientOptions;
import io.balsa.ctl.OutputOptions;
import io.balsa.forms.FieldsForm;
import io.balsa.forms.Json;
import io.balsa.forms.Lines;
import io.balsa.proto.etcdserverpb.HashKVResponse;
import io.balsa.report.Table;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows the hash of the history of keys at servers. */
@Command(
    name = "hashkv",
    description = {
      "Shows each server's hash of the history of keys: endpoint, hash, revision.",
      "Members with the same data have the same hash. Compare it only among Balsa's servers."
    },
    mixinStandardHelpOptions = true)
final class EndpointHashCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ClientOptions client;
  @Mixin private EachServer.Choice choice;
  @Mixin private OutputOptions output;

  @Option(
      names = "--rev",
      paramLabel = "REVISION",
      description = "the newest revision that counts (each server's newest)")
  private long revision;

  @Override
  public Integer call() throws RequestFailed {
    output.refuseProtobuf();
    EachServer servers = new EachServer(client, choice.cluster);
    List<Answered<HashKVResponse>> all = Answered.ask(servers, calls -> calls.hashKv(revision));
    List<Answered<HashKVResponse>> present = Answered.present(all);
    Answered.sayFailures(all, "hash", spec.commandLine().getErr());
    output.print(new Printed(present));
    return present.size() == all.size() ? 0 : 1;
  }

  /** The forms of etcdctl 3.7. */
  private record Printed(List<Answered<HashKVResponse>> all) implements OutputOptions.Printed {
    @Override
    public void simple(Lines lines) {
      table().rows().forEach(row -> lines.line(String.join(", ", row)));
    }

    @Override
    public Table table() {
      Table table = new Table("endpoint", "hash", "hash_revision");
      all.forEach(
          each ->
              table.row(
                  each.endpoint(),
                  Integer.toUnsignedString(each.get().getHash()),
                  String.valueOf(each.get().getHashRevision())));
      return table;
    }

    @Override
    public void json(JsonWriter out) throws IOException {
      out.beginArray();
      for (Answered<HashKVResponse> each : all) {
        out.beginObject().name("Endpoint").value(each.endpoint());
        Json.write(out.name("HashKV"), each.get());
        out.endObject();
      }
      out.endArray();
    }

    @Override
    public void fields(FieldsForm form) {
      for (Answered<HashKVResponse> each : all) {
        form.header(each.get().getHeader())
            .quoted("Endpoint", ByteString.copyFromUtf8(each.endpoint()))
            .field("Hash", Integer.toUnsignedString(each.get().getHash()))
            .number("HashRevision", each.get().getHashRevision())
            .lines()
            .line("");
      }
    }
  }
}
