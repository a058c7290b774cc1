package io.balsa.check;

import io.balsa.bytes.Bytes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Operations in the order of their calls.
 *
 * @param operations sorted by {@link Operation#called}
 */
public record History(List<Operation> operations) {
  public History {
    operations = operations.stream().sorted(Comparator.comparingLong(Operation::called)).toList();
  }

  /**
   * Parses the text of {@link #toText}, or a log of Jepsen's register test; lines of such a log
   * that have no operation are ignored.
   *
   * @throws IllegalArgumentException if a line is neither; the message names the line
   */
  public static History parse(String text) {
    List<String> lines = text.lines().toList();
    return JepsenLog.isOne(lines) ? JepsenLog.parse(lines) : HistoryText.parse(lines);
  }

  /** A line for each operation, readable by people and by {@link #parse}. */
  public String toText() {
    StringBuilder text = new StringBuilder(HistoryText.HEADER).append('\n');
    operations.forEach(operation -> text.append(HistoryText.line(operation)).append('\n'));
    return text.toString();
  }

  /** One history for each key: linearizability is local, so each key is checked by itself. */
  List<History> byKey() {
    Map<Bytes, List<Operation>> keys = new TreeMap<>();
    for (Operation operation : operations) {
      keys.computeIfAbsent(operation.key(), _ -> new ArrayList<>()).add(operation);
    }
    return keys.values().stream().map(History::new).toList();
  }
}
