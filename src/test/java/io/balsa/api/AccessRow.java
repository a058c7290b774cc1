package io.balsa.api;

import io.grpc.MethodDescriptor;
import java.util.Objects;
import java.util.function.BiFunction;

/**
 * A row of the access matrix: a request of an RPC, and what it needs.
 *
 * @param what tells this row from the other rows of the RPC
 * @param request makes the request of an identity; it may prepare what the request needs
 * @param allowed what an identity with the right gets: {@link AccessNeed#OK}, or code and text
 */
record AccessRow<Q>(
    MethodDescriptor<Q, ?> method,
    String what,
    AccessNeed need,
    BiFunction<AccessBench, AccessWho, Q> request,
    String allowed) {
  AccessRow {
    Objects.requireNonNull(need, "a row has a verdict");
    Objects.requireNonNull(allowed, "a row has a verdict");
  }

  static <Q> AccessRow<Q> of(
      MethodDescriptor<Q, ?> method, String what, AccessNeed need, Q request) {
    return new AccessRow<>(method, what, need, (_, _) -> request, AccessNeed.OK);
  }

  static <Q> AccessRow<Q> made(
      MethodDescriptor<Q, ?> method,
      String what,
      AccessNeed need,
      BiFunction<AccessBench, AccessWho, Q> request) {
    return new AccessRow<>(method, what, need, request, AccessNeed.OK);
  }

  /** The same row, whose identities with the right get an error that has another reason. */
  AccessRow<Q> failing(String error) {
    return new AccessRow<>(method, what, need, request, error);
  }

  /**
   * Locks and elections take steps of their own. As in etcd, the error of a step has its text and
   * the code UNKNOWN. A bad token is refused before the first step, with the usual code; in etcd it
   * has the code UNKNOWN, too.
   */
  String verdict(AccessWho who) {
    String verdict = need.verdict(who);
    if (verdict.equals(AccessNeed.OK)) {
      return allowed;
    }
    String service = Objects.requireNonNull(method.getServiceName());
    boolean steps = service.startsWith("v3lock") || service.startsWith("v3election");
    return steps ? verdict.replaceFirst("PERMISSION_DENIED", "UNKNOWN") : verdict;
  }

  @Override
  public String toString() {
    return method.getFullMethodName() + " " + what;
  }
}
