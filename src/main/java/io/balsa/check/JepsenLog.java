package io.balsa.check;

import io.balsa.bytes.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Logs of Jepsen's register test ({@code 0 :invoke :write 3}, {@code :ok}, {@code :fail}, {@code
 * :info}) and its map form ({@code {:process 0, :type :invoke, :f :put, :key "1", :value "x"}}).
 * The number of a line is its time. A failed operation never happened, except for a failed
 * compare-and-swap. An operation that neither failed nor was answered may have happened.
 */
final class JepsenLog {
  private static final Pattern REGISTER =
      Pattern.compile(
          "(?:^|\\s)(\\d+)\\s+:(invoke|ok|fail|info)\\s+:(read|write|cas)\\s+(\\S.*?)\\s*$");
  private static final Pattern MAP =
      Pattern.compile(
          "\\{:process (\\d+), :type :(\\w+), :f :(\\w+), :key \"([^\"]*)\", :value (.*)}\\s*$");
  private static final Pattern PAIR = Pattern.compile("\\[(\\S+) (\\S+)]");

  private final List<Operation> ended = new ArrayList<>();
  private final Map<Integer, Operation> open = new TreeMap<>();

  private JepsenLog() {}

  static boolean isOne(List<String> lines) {
    return lines.stream().anyMatch(line -> event(line, 0) != null);
  }

  static History parse(List<String> lines) {
    JepsenLog log = new JepsenLog();
    for (int i = 0; i < lines.size(); i++) {
      Event event = event(lines.get(i), i + 1L);
      if (event != null) {
        log.take(event);
      }
    }
    log.open.values().forEach(log::leaveOpen);
    return new History(log.ended);
  }

  private static @Nullable Event event(String line, long time) {
    Matcher map = MAP.matcher(line);
    if (map.find()) {
      return new Event(
          Integer.parseInt(map.group(1)),
          map.group(2),
          map.group(3),
          Bytes.utf8(map.group(4)),
          map.group(5),
          time);
    }
    Matcher register = REGISTER.matcher(line);
    if (!line.startsWith("#") && register.find()) {
      return new Event(
          Integer.parseInt(register.group(1)),
          register.group(2),
          register.group(3),
          Bytes.utf8("register"),
          register.group(4),
          time);
    }
    return null;
  }

  private void take(Event event) {
    Operation begun = open.remove(event.process);
    if (event.type.equals("invoke")) {
      if (begun != null) {
        leaveOpen(begun);
      }
      open.put(event.process, event.begin());
    } else if (begun != null) {
      end(begun, event);
    }
  }

  private void end(Operation begun, Event event) {
    boolean compareFailed =
        event.type.equals("fail")
            && begun.request() instanceof KeyRequest.Cas
            && PAIR.matcher(event.value).matches();
    if (event.type.equals("ok") || compareFailed) {
      ended.add(begun.with(answer(begun.request(), event), event.time));
    } else if (event.type.equals("info") || begun.request() instanceof KeyRequest.Cas) {
      leaveOpen(begun);
    }
  }

  private void leaveOpen(Operation begun) {
    if (!(begun.request() instanceof KeyRequest.Get)) {
      ended.add(begun);
    }
  }

  private static Answer answer(KeyRequest request, Event event) {
    return switch (request) {
      case KeyRequest.Get _ -> {
        Bytes value = valueOf(event.value);
        yield value == null || value.isEmpty()
            ? new Answer.Nothing(0)
            : new Answer.Found(value, 0, 0, 0, 0);
      }
      case KeyRequest.Put _, KeyRequest.Append _ -> new Answer.Done(0);
      case KeyRequest.Cas _ -> new Answer.Swapped(event.type.equals("ok"), 0);
      case KeyRequest.Delete _ -> new Answer.Unknown();
    };
  }

  private static @Nullable Bytes valueOf(String text) {
    if (text.equals("nil")) {
      return null;
    }
    boolean quoted = text.length() >= 2 && text.startsWith("\"") && text.endsWith("\"");
    return Bytes.utf8(quoted ? text.substring(1, text.length() - 1) : text);
  }

  private static Bytes written(String text) {
    Bytes value = valueOf(text);
    return value == null ? Bytes.EMPTY : value;
  }

  /** What one line says. */
  private record Event(int process, String type, String verb, Bytes key, String value, long time) {
    Operation begin() {
      return new Operation(process, key, request(), new Answer.Unknown(), time, Operation.NEVER);
    }

    private KeyRequest request() {
      return switch (verb) {
        case "read", "get" -> new KeyRequest.Get();
        case "write", "put" -> new KeyRequest.Put(written(value));
        case "append" -> new KeyRequest.Append(written(value));
        case "cas" -> {
          Matcher pair = PAIR.matcher(value);
          if (!pair.matches()) {
            throw new IllegalArgumentException(
                "line " + time + ": expected two values in brackets, found " + value);
          }
          yield new KeyRequest.Cas(valueOf(pair.group(1)), written(pair.group(2)));
        }
        default -> throw new IllegalArgumentException("line " + time + ": unknown " + verb);
      };
    }
  }
}
