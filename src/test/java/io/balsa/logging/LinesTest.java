package io.balsa.logging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.logging.Formatter;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;

/** The form of log lines. */
class LinesTest {
  private static final LogEvent ELECTED = LogEvent.info("io.balsa.test", "a leader is elected");
  private static final LogEvent LOW =
      LogEvent.warn("io.balsa.test", "the disk is nearly full", "enlarge the disk");
  private static final LogEvent HALTED =
      LogEvent.fatal("io.balsa.test", "the server ends itself", "start it again");

  private static String format(Formatter form, Level level, LogEvent event, Object... fields) {
    LogRecord record = new LogRecord(level, "{0}");
    record.setParameters(new Object[] {new LogLine(event, fields)});
    return format(form, record);
  }

  private static String format(Formatter form, LogRecord record) {
    record.setLoggerName("io.balsa.test");
    record.setInstant(Instant.parse("2026-11-30T04:45:53.1234567Z"));
    return form.format(record);
  }

  private static JsonObject json(Level level, LogEvent event, Object... fields) {
    String line = format(new JsonFormatter(), level, event, fields);
    assertThat(line).endsWith("}\n").hasLineCount(1);
    return JsonParser.parseString(line).getAsJsonObject();
  }

  @Test
  void aLineOfTextHasTimeLevelWordsAndFields() {
    assertThat(
            format(new TextFormatter(), Level.INFO, ELECTED, "leader", "m 1", "term", 5, "own", ""))
        .isEqualTo(
            "2026-11-30T04:45:53.123456Z INFO a leader is elected"
                + " leader=\"m 1\" term=5 own=\"\"\n");
    assertThat(format(new TextFormatter(), Level.WARNING, LOW, "urls", List.of("a", "b")))
        .isEqualTo(
            "2026-11-30T04:45:53.123456Z WARN the disk is nearly full; enlarge the disk"
                + " urls=a,b\n");
    assertThat(format(new TextFormatter(), Level.SEVERE, HALTED)).contains(" FATAL ");
  }

  @Test
  void aLineOfJsonHasEtcdsKeysAndTheFields() {
    JsonObject line =
        json(Level.WARNING, LOW, "free", 5L, "full", true, "of", List.of("a"), "member", "m1");
    assertThat(line)
        .hasToString(
            "{\"level\":\"warn\",\"ts\":\"2026-11-30T04:45:53.123456Z\",\"logger\":\"test\","
                + "\"msg\":\"the disk is nearly full\",\"hint\":\"enlarge the disk\","
                + "\"free\":5,\"full\":true,\"of\":[\"a\"],\"member\":\"m1\"}");
    assertThat(json(Level.SEVERE, HALTED).get("level").getAsString()).isEqualTo("fatal");
    assertThat(json(Level.FINE, ELECTED).get("level").getAsString()).isEqualTo("debug");
  }

  @Test
  void durationsAreLikeEtcds() {
    assertThat(LogLine.text(Duration.ofNanos(1_234_567_890))).isEqualTo("1.234s");
    assertThat(LogLine.text(Duration.ofNanos(203_400_000))).isEqualTo("203.400ms");
    assertThat(LogLine.text(Duration.ofNanos(71_042))).isEqualTo("71.042µs");
  }

  /** A client chooses names and texts: they can neither begin a line nor move the cursor. */
  @Test
  void whatAClientSendsStaysInItsField() {
    String evil = "a\nb\r\u001b[2J\u0085\u2028\u202e\"x\\ ";
    String line = format(new TextFormatter(), Level.INFO, ELECTED, "key", evil);
    assertThat(line.strip())
        .hasLineCount(1)
        .endsWith("key=\"a\\nb\\r\\u001b[2J\\u0085\\u2028\\u202e\\\"x\\\\ \"");
    assertThat(json(Level.INFO, ELECTED, "key", "a\nb\u0001\u2028").get("key").getAsString())
        .isEqualTo("a\nb\u0001\u2028");
    String foreign = format(new TextFormatter(), new LogRecord(Level.WARNING, "x\ny{0}"));
    assertThat(foreign).endsWith(" WARN x\\ny{0}\n");
  }

  @Test
  void aLongTextIsCut() {
    String line =
        format(new TextFormatter(), Level.INFO, ELECTED, "key", "x".repeat(LogText.CHARS_MAX + 7));
    assertThat(line).endsWith("x... (7 more)\"\n").hasSizeLessThan(LogText.CHARS_MAX + 200);
    assertThat(json(Level.INFO, ELECTED, "key", "x".repeat(9_999)).get("key").getAsString())
        .hasSizeLessThan(LogText.CHARS_MAX + 20);
  }

  @Test
  void aStackTraceStaysInItsLine() {
    LogRecord record = new LogRecord(Level.SEVERE, "a read failed");
    record.setThrown(new IllegalStateException("boom"));
    assertThat(format(new TextFormatter(), record).strip())
        .hasLineCount(1)
        .contains(
            "a read failed stacktrace=\"java.lang.IllegalStateException: boom\\n\\tat io.balsa");
    JsonObject line = JsonParser.parseString(format(new JsonFormatter(), record)).getAsJsonObject();
    assertThat(line.get("msg").getAsString()).isEqualTo("a read failed");
    assertThat(line.get("stacktrace").getAsString()).contains("boom\n\tat io.balsa");
    record.setLevel(Level.WARNING);
    assertThat(format(new TextFormatter(), record))
        .endsWith("error=\"java.lang.IllegalStateException: boom\"\n");
  }

  /** A program that embeds a server logs by its own means, which know nothing of fields. */
  @Test
  void anEmbeddersFormatterGetsTheWholeLine() {
    LogRecord record = new LogRecord(Level.WARNING, "{0}");
    record.setParameters(new Object[] {new LogLine(LOW, new Object[] {"free", 5})});
    assertThat(new java.util.logging.SimpleFormatter().formatMessage(record))
        .isEqualTo("the disk is nearly full; enlarge the disk free=5");
  }

  @Test
  void aWarningNeedsAHint() {
    assertThatThrownBy(() -> LogEvent.warn("io.balsa.test", "bad", " "))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
