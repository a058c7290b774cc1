package io.balsa.ctl.cluster;

import io.balsa.bytes.HostPort;
import io.balsa.client.EtcdCalls;
import io.balsa.ctl.ClientOptions;
import io.balsa.ctl.Colours;
import io.balsa.proto.etcdserverpb.MemberListResponse;
import io.balsa.proto.etcdserverpb.StatusResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows the state of servers. */
@Command(
    name = "status",
    description = "Shows each server's role, term, log and size. Exit code 1 when one is down.",
    footer = {
      "",
      "log: last known committed index; applied: last applied index; lag: behind the newest log.",
      "",
      "Example:",
      "  balsa status --endpoints=127.0.0.1:23791,127.0.0.1:23792,127.0.0.1:23793"
    })
public final class StatusCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ClientOptions client;

  @Option(
      names = {"-w", "-o", "--write-out"},
      paramLabel = "table|json",
      description = "the form of the answer (${DEFAULT-VALUE})")
  private Format format = Format.table;

  /** The forms. */
  public enum Format {
    table,
    json
  }

  @Override
  public Integer call() {
    List<EtcdCalls> servers = new ArrayList<>();
    try {
      for (HostPort address : client.addresses()) {
        servers.add(client.callsAt(address));
      }
      return show(asked(servers));
    } finally {
      servers.forEach(EtcdCalls::close);
    }
  }

  /** Asks all servers at once, then waits for the answers. */
  private List<ServerStatus> asked(List<EtcdCalls> servers) {
    List<CompletableFuture<StatusResponse>> statuses =
        servers.stream().map(EtcdCalls::status).toList();
    List<CompletableFuture<MemberListResponse>> members =
        servers.stream().map(EtcdCalls::memberList).toList();
    List<ServerStatus> all = new ArrayList<>();
    for (int i = 0; i < servers.size(); i++) {
      all.add(ServerStatus.of(client.addresses().get(i), client, statuses.get(i), members.get(i)));
    }
    return all;
  }

  private int show(List<ServerStatus> all) {
    String text =
        switch (format) {
          case table -> ServerStatus.table(all, Colours.ofTerminal()).text();
          case json -> ServerStatus.json(all);
        };
    spec.commandLine().getOut().println(text);
    List<String> troubles = all.stream().flatMap(each -> each.trouble().stream()).toList();
    troubles.forEach(spec.commandLine().getErr()::println);
    return all.stream().allMatch(ServerStatus::isUp) ? 0 : 1;
  }
}
