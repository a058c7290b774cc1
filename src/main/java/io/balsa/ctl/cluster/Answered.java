package io.balsa.ctl.cluster;

import io.balsa.client.EtcdCalls;
import io.balsa.client.RequestFailed;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * What each of several servers answered to one call.
 *
 * @param answer empty when it did not answer
 * @param failure why it did not; empty when it did
 */
record Answered<A>(String endpoint, Optional<A> answer, String failure) {
  /** Asks all servers at the same time. */
  static <A> List<Answered<A>> ask(
      EachServer servers, Function<EtcdCalls, CompletableFuture<A>> call) throws RequestFailed {
    return servers.ask((server, calls) -> of(servers, server, call.apply(calls)));
  }

  private static <A> Answered<A> of(
      EachServer servers, EachServer.Server server, CompletableFuture<A> answer) {
    try {
      return new Answered<>(server.endpoint(), Optional.of(EtcdCalls.await(answer)), "");
    } catch (RequestFailed failed) {
      return new Answered<>(server.endpoint(), Optional.empty(), servers.failure(failed, server));
    }
  }

  /**
   * Says which servers did not answer, with etcdctl's words.
   *
   * @param what what was asked for, such as {@code status}
   */
  static <A> void sayFailures(List<Answered<A>> all, String what, PrintWriter err) {
    for (Answered<A> each : all) {
      if (each.answer().isEmpty()) {
        err.println(
            "Failed to get the %s of endpoint %s (%s)"
                .formatted(what, each.endpoint(), each.failure()));
      }
    }
  }

  /** The servers that answered. */
  static <A> List<Answered<A>> present(List<Answered<A>> all) {
    return all.stream().filter(each -> each.answer().isPresent()).toList();
  }

  /** The answer of a server that answered. */
  A get() {
    return answer.orElseThrow();
  }
}
