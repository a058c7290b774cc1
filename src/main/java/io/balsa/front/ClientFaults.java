package io.balsa.front;

import io.balsa.logging.LogEvent;
import io.balsa.logging.RareLine;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * Counts what clients do wrong, and what the server does against it. Each kind has at most one log
 * line a minute. A process has one object of this class.
 */
public final class ClientFaults {
  private final Map<Kind, RareLine> lines = new EnumMap<>(Kind.class);

  /** The kinds that are counted. */
  public enum Kind {
    /** A new connection was closed at once, because there was no room for it. */
    CONNECTION_REFUSED(
        "a connection was refused because there is no room",
        "have clients close connections, or raise the limit of open files"),
    /** An idle connection was closed to make room for a new one. */
    IDLE_CLOSED(
        "an idle connection was closed to make room",
        "have clients close connections, or raise the limit of open files"),
    /** A connection could not be accepted. */
    ACCEPT_FAILED(
        "a connection could not be accepted", "look at the error; raise the limit of open files"),
    /** A client sent bytes that are neither HTTP/2 nor HTTP/1.1, or break their rules. */
    BROKEN_CONNECTION(
        "a connection was closed because of the bytes that its client sent",
        "find the client: it speaks TLS or another protocol, or is defective"),
    /** A TLS handshake failed: also a client that does not speak TLS, or shows no certificate. */
    FAILED_HANDSHAKE(
        "a connection failed its TLS handshake",
        "find the client: it speaks no TLS, or one side does not trust the other's certificate"),
    /** The first bytes, the headers or the body of a request took too long. */
    SLOW_REQUEST(
        "a connection or a call was ended because its request came too slowly",
        "find the client: it sends nothing, stands still, or its network is slow"),
    /** A connection sent too many resets, pings or other frames that cost work and ask nothing. */
    FLOOD(
        "a connection was closed or slowed down because it sent too many resets, pings or empty frames",
        "find the client: it is defective or attacks"),
    /** A call was refused because too many are open. */
    CALL_REFUSED(
        "a call was refused because too many are open",
        "have clients open fewer calls at once, or give the server more heap"),
    /** A request could not be read as its message, was too large, or its service failed. */
    FAILED_CALL(
        "a call failed: its message was malformed or too large, or its service failed",
        "find the client; report the error if it is a fault of Balsa"),
    /** A page or a JSON request failed. */
    FAILED_PAGE(
        "an HTTP request failed in an unforeseen way", "report the error: it is a fault of Balsa");

    private final LogEvent event;

    Kind(String words, String hint) {
      this.event = LogEvent.warn("io.balsa.front", words, hint);
    }

    String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Counts from 0. */
  public ClientFaults() {
    for (Kind kind : Kind.values()) {
      lines.put(kind, new RareLine(kind.event));
    }
  }

  /** Registers the counts as a metric. */
  public void registerIn(PrometheusRegistry registry) {
    CounterWithCallback.builder()
        .name("balsa_client_faults")
        .help("What clients did wrong, or was done against too many of them")
        .labelNames("kind")
        .callback(
            callback ->
                lines.forEach((kind, line) -> callback.call((double) line.total(), kind.label())))
        .register(registry);
  }

  /**
   * Counts one fault; from any thread.
   *
   * @param detail what a log line says about it
   */
  void happened(Kind kind, String detail) {
    lineOf(kind).happened("last", detail);
  }

  /** How often a fault has happened. */
  public long count(Kind kind) {
    return lineOf(kind).total();
  }

  private RareLine lineOf(Kind kind) {
    return Objects.requireNonNull(lines.get(kind), "every kind has a line");
  }
}
