package io.balsa.ctl.cluster;

import io.balsa.bytes.HostPort;
import io.balsa.client.EtcdCalls;
import io.balsa.client.RequestFailed;
import io.balsa.ctl.ClientOptions;
import io.balsa.ctl.FailureText;
import io.balsa.ctl.TerminalNotes;
import io.balsa.proto.etcdserverpb.MemberListResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import picocli.CommandLine.Option;

/**
 * The servers that a command asks one by one: the endpoints, or all members.
 *
 * @param cluster whether to ask all members
 */
record EachServer(ClientOptions client, boolean cluster) {
  /** The option that asks for all members. */
  static final class Choice {
    @Option(
        names = "--cluster",
        description = "ask every member of the cluster, at the client URLs in the member list")
    boolean cluster;
  }

  /**
   * One server.
   *
   * @param endpoint as it was typed, or as the member list has it
   */
  record Server(String endpoint, HostPort address) {}

  /** An answer of a server. */
  interface Question<A> {
    A ask(Server server, EtcdCalls calls);
  }

  /** Asks all servers at the same time. The answers have the order of the endpoints. */
  <A> List<A> ask(Question<A> question) throws RequestFailed {
    client.check();
    List<Server> servers = servers();
    try (TerminalNotes.Waiting _ = client.waiting();
        var threads =
            Executors.newThreadPerTaskExecutor(
                Thread.ofPlatform().daemon().name("ask").factory())) {
      List<CompletableFuture<A>> answers = new ArrayList<>();
      for (Server each : servers) {
        answers.add(CompletableFuture.supplyAsync(() -> askOne(question, each), threads));
      }
      return answers.stream().map(CompletableFuture::join).toList();
    }
  }

  /** Asks one server. */
  <A> A askOne(Question<A> question, Server server) {
    try (EtcdCalls calls = client.callsAt(server.address())) {
      return question.ask(server, calls);
    }
  }

  /** The servers to ask. */
  List<Server> servers() throws RequestFailed {
    if (!cluster) {
      return client.endpoints().stream().map(each -> server("--endpoints", each)).toList();
    }
    MemberListResponse members = client.ask(EtcdCalls::memberList);
    return members.getMembersList().stream()
        .flatMap(member -> member.getClientURLsList().stream())
        .map(each -> server("--cluster", each))
        .toList();
  }

  private Server server(String option, String endpoint) {
    return new Server(endpoint, client.address(option, endpoint));
  }

  /** Why a server's answer is missing. */
  String failure(RequestFailed failed, Server server) {
    return FailureText.behindName(failed, server.address(), client);
  }
}
