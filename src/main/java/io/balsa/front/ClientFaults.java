package io.balsa.front;

import io.balsa.bytes.Told;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.lang.System.Logger.Level;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/**
 * What clients do wrong, and what is done against it: each is counted, and each kind is told in one
 * line a minute, whatever comes. One for each process.
 */
public final class ClientFaults {
  private static final System.Logger LOG = System.getLogger("io.balsa.front");

  private final Map<Kind, Told> told = new EnumMap<>(Kind.class);

  /** What there is. */
  public enum Kind {
    /** A connection was closed as it came: there was no room. */
    CONNECTION_REFUSED("a connection was refused, for there is no room"),
    /** An idle connection was closed to make room for a new one. */
    IDLE_CLOSED("an idle connection was closed to make room"),
    /** A connection could not be accepted. */
    ACCEPT_FAILED("a connection could not be accepted"),
    /** What came was neither HTTP/2 nor HTTP/1.1, or broke their rules. */
    BROKEN_CONNECTION("a connection was ended for what its client sent"),
    /** A request was no message of its kind, or serving it failed. */
    FAILED_CALL("a call failed: its message was none or too large, or serving it broke"),
    /** A page or a JSON request failed. */
    FAILED_PAGE("an HTTP request failed in an unforeseen way");

    private final String words;

    Kind(String words) {
      this.words = words;
    }

    String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Counts from 0. */
  public ClientFaults() {
    for (Kind kind : Kind.values()) {
      told.put(kind, new Told());
    }
  }

  /** Shows the counts. */
  public void registerIn(PrometheusRegistry registry) {
    CounterWithCallback.builder()
        .name("balsa_client_faults")
        .help("What clients did wrong, or was done against too many of them")
        .labelNames("kind")
        .callback(
            callback ->
                told.forEach((kind, count) -> callback.call((double) count.total(), kind.label())))
        .register(registry);
  }

  /**
   * Something happened; from any thread.
   *
   * @param detail what the line says of the last time, if there is a line
   */
  void happened(Kind kind, String detail) {
    long times = told(kind).happened(System.nanoTime());
    if (times > 0) {
      LOG.log(
          Level.WARNING,
          "{0} ({1}; {2} times since the last such line)",
          kind.words,
          detail,
          times);
    }
  }

  /** How often it has happened. */
  public long count(Kind kind) {
    return told(kind).total();
  }

  private Told told(Kind kind) {
    return told.getOrDefault(kind, new Told());
  }
}
