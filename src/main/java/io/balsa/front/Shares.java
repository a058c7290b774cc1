package io.balsa.front;

import io.grpc.Metadata;
import io.grpc.ServerStreamTracer;

/** Gives every gRPC call its share of the budget. */
final class Shares extends ServerStreamTracer.Factory {
  private final AnswerBudget budget;

  Shares(AnswerBudget budget) {
    this.budget = budget;
  }

  @Override
  public ServerStreamTracer newServerStreamTracer(String fullMethodName, Metadata headers) {
    return budget.shareOfCall();
  }
}
