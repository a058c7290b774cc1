package io.balsa.ctl.kv;

import com.google.protobuf.ByteString;
import io.balsa.ctl.BadInput;
import io.balsa.ctl.ProcessWords;
import io.balsa.forms.Quoted;
import io.balsa.proto.etcdserverpb.WatchResponse;
import io.balsa.proto.mvccpb.Event;
import java.io.File;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.CharsetEncoder;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Runs a command for each event of a watch, one after the other. */
final class EventCommand {
  private final List<String> words;

  /** The words of the command; none for nothing to run. */
  EventCommand(List<String> words) {
    this.words = words;
  }

  /**
   * Runs it for the events of an answer.
   *
   * @throws BadInput when it cannot be started, or its exit code is not 0
   */
  void run(WatchResponse response) throws InterruptedException {
    if (words.isEmpty()) {
      return;
    }
    for (Event event : response.getEventsList()) {
      run(response.getHeader().getRevision(), event);
    }
  }

  private void run(long revision, Event event) throws InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(words)
            .redirectInput(new File("/dev/null"))
            .redirectOutput(ProcessBuilder.Redirect.INHERIT)
            .redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().putAll(variables(revision, event));
    try {
      Process process = builder.start();
      int exitCode;
      try {
        exitCode = process.waitFor();
      } finally {
        process.destroy();
      }
      if (exitCode != 0) {
        throw new BadInput("command " + words + " error (exit status " + exitCode + ")");
      }
    } catch (IOException e) {
      throw ProcessWords.notStarted(words.getFirst(), e);
    }
  }

  /** As etcdctl: the type, the key and the value stand in quotes, with Go's escapes. */
  static Map<String, String> variables(long revision, Event event) {
    return Map.of(
        "ETCD_WATCH_REVISION",
        String.valueOf(revision),
        "ETCD_WATCH_EVENT_TYPE",
        "\"" + event.getType().name() + "\"",
        "ETCD_WATCH_KEY",
        quoted(event.getKv().getKey()),
        "ETCD_WATCH_VALUE",
        quoted(event.getKv().getValue()));
  }

  /** Java encodes a variable by the locale; what the locale cannot write becomes an escape. */
  private static String quoted(ByteString bytes) {
    String charset = System.getProperty("sun.jnu.encoding", "UTF-8");
    CharsetEncoder encoder = Charset.forName(charset).newEncoder();
    StringBuilder text = new StringBuilder();
    Quoted.of(bytes)
        .codePoints()
        .forEach(
            point -> {
              String one = Character.toString(point);
              text.append(
                  encoder.canEncode(one)
                      ? one
                      : String.format(Locale.ROOT, point > 0xffff ? "\\U%08x" : "\\u%04x", point));
            });
    return text.toString();
  }
}
