package io.balsa.kv;

import io.balsa.engine.Engine;
import io.balsa.rows.Layout;
import io.balsa.rows.Version;
import java.util.ArrayList;
import java.util.List;

/** Rows that a finished compaction should have removed. */
final class Leftovers {
  private Leftovers() {}

  static List<String> of(Engine engine, long compacted) {
    List<String> found = new ArrayList<>();
    try (Engine.View view = engine.view()) {
      changes(view, compacted, found);
      versions(view, compacted, found);
    }
    return found;
  }

  private static void changes(Engine.View view, long compacted, List<String> found) {
    try (Engine.Cursor rows =
        view.scan(Layout.revision(0, 0), Layout.revision(Math.max(0, compacted), 0))) {
      while (rows.next()) {
        found.add("change of revision " + Layout.revisionOf(rows.key()));
      }
    }
  }

  /** What came and went in the compact revision itself is still an event there. */
  private static void versions(Engine.View view, long compacted, List<String> found) {
    try (Engine.Cursor rows = view.scan(Layout.historyStart(), Layout.historyEnd())) {
      while (rows.next()) {
        Version version = Version.decode(Layout.keyOfHistory(rows.key()), rows.value());
        if (version.end() <= compacted && version.kv().modRevision() != compacted) {
          found.add(version.toString());
        }
      }
    }
  }
}
