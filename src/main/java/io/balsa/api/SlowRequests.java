package io.balsa.api;

import io.balsa.lanes.AnswerRoom.Step;
import io.balsa.logging.LogEvent;
import io.balsa.logging.RareLine;
import io.grpc.Attributes;
import io.grpc.Context;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Logs unary calls that take longer than etcd's {@code --warning-unary-request-duration}, with the
 * time of each phase; one line a minute for each method, with their number. Calls that wait for
 * other clients by design are left out.
 */
final class SlowRequests extends ServerStreamTracer.Factory {
  private static final LogEvent SLOW =
      LogEvent.warn(
          "io.balsa.api",
          "a request took too long",
          "look at its longest phase, see Slow requests in docs/operations.md");

  private static final Set<String> WAITING =
      Set.of("v3lockpb.Lock/Lock", "v3electionpb.Election/Campaign");

  private static final ServerStreamTracer NOTHING = new ServerStreamTracer() {};
  private static final Context.Key<Timing> CURRENT = Context.key("balsa-timing");

  private final Map<String, RareLine> lines = new HashMap<>();
  private final Duration threshold;

  /**
   * Watches no method yet.
   *
   * @param threshold a call that takes longer is slow; 0 or less for none
   */
  SlowRequests(Duration threshold) {
    this.threshold = threshold;
  }

  /** Watches the unary methods of services; to be called before they are served. */
  void watch(List<ServerServiceDefinition> services) {
    for (ServerServiceDefinition service : services) {
      service.getMethods().forEach(method -> add(method.getMethodDescriptor()));
    }
  }

  private void add(MethodDescriptor<?, ?> method) {
    boolean watched =
        method.getType() == MethodType.UNARY
            && threshold.isPositive()
            && !WAITING.contains(method.getFullMethodName());
    if (watched) {
      lines.put(method.getFullMethodName(), new RareLine(SLOW));
    }
  }

  @Override
  public ServerStreamTracer newServerStreamTracer(String method, Metadata headers) {
    RareLine line = lines.get(method);
    return line == null ? NOTHING : new Timing(method, line);
  }

  /** The timing of the current call; null when nobody watches it. */
  static @Nullable Timing current() {
    return CURRENT.get();
  }

  /** What a request spends its time with. {@code docs/operations.md} explains each. */
  enum Phase {
    WAITING,
    REPLICATING,
    APPLYING,
    WAITING_FOR_READ_INDEX,
    READING,
    SERVING,
    SENDING,
    WITHOUT_ANSWER;

    /** Its name in the line. */
    String field() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /** When a call reached what. Written by lanes, read at the end of the call. */
  final class Timing extends ServerStreamTracer {
    private static final long NEVER = 0;

    private final String method;
    private final RareLine line;
    private final long begun = System.nanoTime();
    private volatile long proposed = NEVER;
    private volatile long committed = NEVER;
    private volatile long indexed = NEVER;
    private volatile long answered = NEVER;
    private volatile String client = "";
    private volatile long received;
    private volatile long sent;

    private Timing(String method, RareLine line) {
      this.method = method;
      this.line = line;
    }

    @Override
    public Context filterContext(Context context) {
      return context.withValue(CURRENT, this);
    }

    @Override
    public void serverCallStarted(ServerCallInfo<?, ?> call) {
      Attributes attributes = call.getAttributes();
      client = String.valueOf(attributes.get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR));
    }

    void reached(Step step) {
      long now = System.nanoTime();
      switch (step) {
        case PROPOSED -> proposed = now;
        case COMMITTED -> committed = now;
        case READ_INDEX_KNOWN -> indexed = now;
      }
    }

    @Override
    public void inboundMessageRead(int number, long wireBytes, long bytes) {
      received = bytes;
    }

    @Override
    public void outboundMessageSent(int number, long wireBytes, long bytes) {
      sent = bytes;
      answered = System.nanoTime();
    }

    @Override
    public void streamClosed(Status status) {
      long end = System.nanoTime();
      if (Duration.ofNanos(end - begun).compareTo(threshold) >= 0) {
        line.happened(fields(status, end));
      }
    }

    private Object[] fields(Status status, long end) {
      List<Object> fields = new ArrayList<>();
      fields.addAll(List.of("method", method, "client", client));
      fields.addAll(List.of("took", Duration.ofNanos(end - begun), "expected", threshold));
      addPhases(fields, end);
      fields.addAll(List.of("request-bytes", received, "answer-bytes", sent));
      fields.addAll(List.of("code", CallMetrics.name(status.getCode())));
      return fields.toArray();
    }

    private void addPhases(List<Object> fields, long end) {
      long last = begun;
      last = addPhase(fields, Phase.WAITING, last, proposed);
      last = addPhase(fields, Phase.REPLICATING, last, committed);
      last = addPhase(fields, Phase.WAITING_FOR_READ_INDEX, last, indexed);
      last = addPhase(fields, lastPhase(), last, answered);
      addPhase(fields, answered == NEVER ? Phase.WITHOUT_ANSWER : Phase.SENDING, last, end);
    }

    private Phase lastPhase() {
      if (committed != NEVER) {
        return Phase.APPLYING;
      }
      return indexed != NEVER ? Phase.READING : Phase.SERVING;
    }

    private static long addPhase(List<Object> fields, Phase phase, long from, long until) {
      if (until == NEVER) {
        return from;
      }
      fields.addAll(List.of(phase.field(), Duration.ofNanos(Math.max(0, until - from))));
      return until;
    }
  }
}
