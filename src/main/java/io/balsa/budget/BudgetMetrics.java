package io.balsa.budget;

import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;

/** The metrics of a budget. */
final class BudgetMetrics {
  private BudgetMetrics() {}

  static void register(AnswerBudget budget, PrometheusRegistry registry) {
    registerHeap(budget, registry);
    GaugeWithCallback.builder()
        .name("balsa_answer_bytes")
        .help("Bytes of answers that have not left for their clients")
        .callback(callback -> callback.call((double) budget.bytesHeld()))
        .register(registry);
    GaugeWithCallback.builder()
        .name("balsa_answers_waiting")
        .help("Answers that wait for room")
        .callback(callback -> callback.call((double) budget.waiting()))
        .register(registry);
    CounterWithCallback.builder()
        .name("balsa_answers_refused_total")
        .help("Answers refused: no room, too large, or the heap is nearly full")
        .labelNames("reason")
        .callback(
            callback -> {
              callback.call((double) budget.refused(), "no_room");
              callback.call((double) budget.refusedAsTooLarge(), "too_large");
              callback.call((double) budget.heap().refused(), "heap");
            })
        .register(registry);
    GaugeWithCallback.builder()
        .name("balsa_unfinished_request_bytes")
        .help("Bytes of requests that have begun to arrive and are not whole")
        .callback(callback -> callback.call((double) budget.requests().bytes()))
        .register(registry);
    CounterWithCallback.builder()
        .name("balsa_unfinished_requests_refused_total")
        .help("Requests refused because too many bytes arrived unfinished, or were being served")
        .callback(callback -> callback.call((double) budget.requests().refused()))
        .register(registry);
    CounterWithCallback.builder()
        .name("balsa_connections_closed_total")
        .help("Connections closed because their clients did not read")
        .labelNames("reason")
        .callback(callback -> callback.call((double) budget.closedConnections(), "unread"))
        .register(registry);
  }

  private static void registerHeap(AnswerBudget budget, PrometheusRegistry registry) {
    GaugeWithCallback.builder()
        .name("balsa_heap_nearly_full")
        .help("Whether large reads are refused because the heap is nearly full")
        .callback(callback -> callback.call(budget.heap().isPassed() ? 1 : 0))
        .register(registry);
  }
}
