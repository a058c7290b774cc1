package io.balsa.front;

import io.balsa.budget.AnswerBudget;
import io.balsa.budget.Connection;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.group.ChannelGroup;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseEncoder;
import java.util.function.BiConsumer;

/** Adds the handlers of an HTTP/1.1 connection to its pipeline. */
final class HttpPipeline implements BiConsumer<ChannelHandlerContext, Connection> {
  private final HttpRoutes routes;
  private final FrontLimits limits;
  private final ChannelGroup connections;
  private final AnswerBudget budget;
  private final ClientFaults faults;

  /**
   * @param connections each connection is added, to be closed with the server
   */
  HttpPipeline(
      HttpRoutes routes,
      FrontLimits limits,
      ChannelGroup connections,
      AnswerBudget budget,
      ClientFaults faults) {
    this.routes = routes;
    this.limits = limits;
    this.connections = connections;
    this.budget = budget;
    this.faults = faults;
  }

  @Override
  public void accept(ChannelHandlerContext context, Connection connection) {
    connections.add(context.channel());
    ClientConnection client = ClientConnection.of(context.channel());
    HttpConnection requests =
        new HttpConnection(routes, limits, budget, connection, faults, client);
    ChannelPipeline pipeline = context.pipeline();
    pipeline.addLast(requests.inflow());
    pipeline.addLast(new HttpResponseEncoder());
    pipeline.addLast(new HttpObjectAggregator(limits.bodyBytes()));
    pipeline.addLast(requests);
  }
}
