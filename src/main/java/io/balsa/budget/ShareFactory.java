package io.balsa.budget;

import io.grpc.Metadata;
import io.grpc.ServerStreamTracer;

/** Creates the share of each gRPC call. gRPC calls it as a tracer factory. */
public final class ShareFactory extends ServerStreamTracer.Factory {
  private final AnswerBudget budget;

  public ShareFactory(AnswerBudget budget) {
    this.budget = budget;
  }

  @Override
  public ServerStreamTracer newServerStreamTracer(String fullMethodName, Metadata headers) {
    return budget.shareOfCall();
  }
}
