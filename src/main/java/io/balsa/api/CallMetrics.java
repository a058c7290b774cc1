package io.balsa.api;

import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Counts gRPC calls under the metric names of etcd's dashboards. The counters of a method are
 * looked up once, so a call costs one object.
 */
final class CallMetrics extends ServerStreamTracer.Factory {
  private static final String[] LABELS = {"grpc_type", "grpc_service", "grpc_method"};
  private static final double NANOS = 1e9;

  private final Map<String, Method> methods = new HashMap<>();
  private final Counter started;
  private final Counter handled;
  private final Counter received;
  private final Counter sent;
  private final Histogram seconds;
  private final MethodTimes times;
  private final CounterDataPoint bytesReceived;
  private final CounterDataPoint bytesSent;

  CallMetrics(PrometheusRegistry registry) {
    MetricMaker make = new MetricMaker(registry);
    started = make.counter("grpc_server_started_total", "RPCs started", LABELS);
    handled =
        make.counter(
            "grpc_server_handled_total",
            "RPCs completed, whatever their code",
            "grpc_type",
            "grpc_service",
            "grpc_method",
            "grpc_code");
    received = make.counter("grpc_server_msg_received_total", "Messages received", LABELS);
    sent = make.counter("grpc_server_msg_sent_total", "Messages sent", LABELS);
    seconds =
        Histogram.builder()
            .name("grpc_server_handling_seconds")
            .help("How long RPCs took")
            .labelNames(LABELS)
            .classicOnly()
            .withoutExemplars()
            .register(registry);
    times = new MethodTimes(make);
    bytesReceived =
        make.counter(
                "etcd_network_client_grpc_received_bytes_total",
                "Bytes of messages received from clients")
            .labelValues();
    bytesSent =
        make.counter(
                "etcd_network_client_grpc_sent_bytes_total", "Bytes of messages sent to clients")
            .labelValues();
  }

  /** Registers services to be counted; to be called before they are served. */
  void count(List<ServerServiceDefinition> services) {
    for (ServerServiceDefinition service : services) {
      service.getMethods().forEach(method -> add(method.getMethodDescriptor()));
    }
  }

  private void add(MethodDescriptor<?, ?> method) {
    methods.put(method.getFullMethodName(), new Method(method));
  }

  @Override
  public ServerStreamTracer newServerStreamTracer(String fullMethodName, Metadata metadata) {
    Method method = methods.get(fullMethodName);
    return method == null ? new ServerStreamTracer() {} : new Call(method);
  }

  /** Counts further messages of a bundle, which gRPC sees as one message. */
  void sentTogether(String fullMethodName, int more) {
    Method method = methods.get(fullMethodName);
    if (method != null) {
      method.sent.inc(more);
    }
  }

  /**
   * The counters of one method, all made at the start. A dashboard that subtracts ended calls from
   * begun ones gets no data while one of them is missing.
   */
  private final class Method {
    private final CounterDataPoint started;
    private final CounterDataPoint received;
    private final CounterDataPoint sent;
    private final DistributionDataPoint seconds;
    private final List<DistributionDataPoint> succeeded;
    private final List<DistributionDataPoint> failed;
    private final CounterDataPoint[] handled;

    Method(MethodDescriptor<?, ?> method) {
      String service = String.valueOf(method.getServiceName());
      String name = String.valueOf(method.getBareMethodName());
      String type = type(method.getType());
      String[] labels = {type, service, name};
      started = CallMetrics.this.started.labelValues(labels);
      received = CallMetrics.this.received.labelValues(labels);
      sent = CallMetrics.this.sent.labelValues(labels);
      seconds = CallMetrics.this.seconds.labelValues(labels);
      handled =
          Arrays.stream(Status.Code.values())
              .map(code -> CallMetrics.this.handled.labelValues(type, service, name, name(code)))
              .toArray(CounterDataPoint[]::new);
      succeeded = times.of(method.getFullMethodName(), true);
      failed = times.of(method.getFullMethodName(), false);
    }

    void ended(Status status, double took) {
      handled[status.getCode().value()].inc();
      seconds.observe(took);
      List<DistributionDataPoint> own = status.isOk() ? succeeded : failed;
      for (int i = 0; i < own.size(); i++) { // without an iterator
        own.get(i).observe(took);
      }
    }
  }

  private static String type(MethodType type) {
    return switch (type) {
      case UNARY -> "unary";
      case CLIENT_STREAMING -> "client_stream";
      case SERVER_STREAMING -> "server_stream";
      case BIDI_STREAMING, UNKNOWN -> "bidi_stream";
    };
  }

  /** A code's name as Go writes it. */
  static String name(Status.Code code) {
    return switch (code) {
      case OK -> "OK";
      case CANCELLED -> "Canceled";
      case UNKNOWN -> "Unknown";
      case INVALID_ARGUMENT -> "InvalidArgument";
      case DEADLINE_EXCEEDED -> "DeadlineExceeded";
      case NOT_FOUND -> "NotFound";
      case ALREADY_EXISTS -> "AlreadyExists";
      case PERMISSION_DENIED -> "PermissionDenied";
      case RESOURCE_EXHAUSTED -> "ResourceExhausted";
      case FAILED_PRECONDITION -> "FailedPrecondition";
      case ABORTED -> "Aborted";
      case OUT_OF_RANGE -> "OutOfRange";
      case UNIMPLEMENTED -> "Unimplemented";
      case INTERNAL -> "Internal";
      case UNAVAILABLE -> "Unavailable";
      case DATA_LOSS -> "DataLoss";
      case UNAUTHENTICATED -> "Unauthenticated";
    };
  }

  /** One call. */
  private final class Call extends ServerStreamTracer {
    private final Method method;
    private final long begun = System.nanoTime();

    Call(Method method) {
      this.method = method;
      method.started.inc();
    }

    @Override
    public void inboundMessage(int number) {
      method.received.inc();
    }

    @Override
    public void outboundMessage(int number) {
      method.sent.inc();
    }

    @Override
    public void inboundWireSize(long bytes) {
      bytesReceived.inc(bytes);
    }

    @Override
    public void outboundWireSize(long bytes) {
      bytesSent.inc(bytes);
    }

    @Override
    public void streamClosed(Status status) {
      method.ended(status, (System.nanoTime() - begun) / NANOS);
    }
  }
}
