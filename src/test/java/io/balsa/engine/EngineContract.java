package io.balsa.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.bytes.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What every engine must do. */
abstract class EngineContract {
  private static final Bytes LOWEST = Bytes.EMPTY;
  private static final Bytes BEYOND = Bytes.of(255, 255, 255, 255, 255);

  abstract Engines engines();

  abstract int seeds();

  @Test
  void keysAreInUnsignedOrderBothWays() {
    try (Engine engine = engines().open("order")) {
      engine.write(
          new Batch()
              .put(Bytes.of(0xff), Bytes.of(3))
              .put(Bytes.of(0x7f), Bytes.of(1))
              .put(Bytes.of(0x80), Bytes.of(2)));
      try (Engine.View view = engine.view()) {
        assertThat(keys(view.scan(LOWEST, BEYOND)))
            .containsExactly(Bytes.of(0x7f), Bytes.of(0x80), Bytes.of(0xff));
        assertThat(keys(view.scanDown(LOWEST, Bytes.of(0xff))))
            .containsExactly(Bytes.of(0x80), Bytes.of(0x7f));
      }
    }
  }

  @Test
  void aRangeIsHalfOpenAndMayBeEmpty() {
    try (Engine engine = engines().open("range")) {
      engine.write(new Batch().put(Bytes.of(1), Bytes.EMPTY).put(Bytes.of(2), Bytes.EMPTY));
      try (Engine.View view = engine.view()) {
        assertThat(keys(view.scan(Bytes.of(1), Bytes.of(2)))).containsExactly(Bytes.of(1));
        for (Bytes end : List.of(Bytes.of(1), Bytes.of(0), Bytes.EMPTY)) {
          assertThat(keys(view.scan(Bytes.of(1), end))).isEmpty();
          assertThat(keys(view.scanDown(Bytes.of(1), end))).isEmpty();
        }
      }
    }
  }

  @Test
  void changesOfABatchAreAppliedInTheirOrder() {
    try (Engine engine = engines().open("batch")) {
      engine.write(
          new Batch()
              .put(Bytes.of(1), Bytes.of(1))
              .deleteRange(Bytes.of(0), Bytes.of(9))
              .put(Bytes.of(2), Bytes.of(2))
              .put(Bytes.of(3), Bytes.of(3))
              .delete(Bytes.of(3))
              .delete(Bytes.of(4)));
      assertThat(engine.get(Bytes.of(1))).isNull();
      assertThat(engine.get(Bytes.of(2))).isEqualTo(Bytes.of(2));
      assertThat(engine.get(Bytes.of(3))).isNull();
    }
  }

  @Test
  void longKeysAndValuesAreKept() {
    Bytes key = Bytes.wrap(new byte[20_000]);
    Bytes value = Bytes.wrap(new byte[3_000_000]);
    try (Engine engine = engines().open("long")) {
      engine.write(new Batch().put(key, value).put(Bytes.of(1), Bytes.EMPTY));
      assertThat(engine.get(key)).isEqualTo(value);
      assertThat(engine.get(Bytes.of(1))).isEqualTo(Bytes.EMPTY);
      assertThat(engine.sizeBytes()).isGreaterThan(3_000_000);
    }
  }

  @Test
  void aValueIsMeasuredByItsFirstBytes() {
    Bytes large = Bytes.wrap(new byte[3_000_000]).concat(Bytes.of(9));
    try (Engine engine = engines().open("peek")) {
      engine.write(
          new Batch()
              .put(Bytes.of(1), Bytes.of(5, 6, 7))
              .put(Bytes.of(2), Bytes.of(8).concat(large))
              .put(Bytes.of(3), Bytes.EMPTY));
      try (Engine.View view = engine.view();
          Engine.Cursor cursor = view.scan(LOWEST, BEYOND)) {
        for (int[] expected : new int[][] {{1, 3, 5, 6}, {2, 3_000_002, 8, 0}, {3, 0, 0, 0}}) {
          byte[] head = new byte[2];
          assertThat(view.peek(Bytes.of(expected[0]), head)).isEqualTo(expected[1]);
          assertThat(head).containsExactly(expected[2], expected[3]);
          byte[] again = new byte[2];
          assertThat(cursor.next()).isTrue();
          assertThat(cursor.peek(again)).isEqualTo(expected[1]);
          assertThat(again).isEqualTo(head);
        }
        assertThat(view.peek(Bytes.of(4), new byte[2])).isEqualTo(Engine.NONE);
        assertThat(view.peek(Bytes.of(1), new byte[0])).isEqualTo(3);
      }
    }
  }

  @Test
  void aViewOutlivesItsEngine() {
    Engine engine = engines().open("outlives");
    engine.write(new Batch().put(Bytes.of(1), Bytes.of(1)));
    Engine.View view = engine.view();
    engine.close();
    assertThat(view.get(Bytes.of(1))).isEqualTo(Bytes.of(1));
    view.close();
  }

  @Test
  void randomHistoriesAreKept() {
    Engines engines = engines();
    for (int seed = 0; seed < seeds(); seed++) {
      new History(engines, seed).run();
    }
  }

  private static List<Bytes> keys(Engine.Cursor cursor) {
    try (cursor) {
      List<Bytes> keys = new ArrayList<>();
      while (cursor.next()) {
        keys.add(cursor.key());
      }
      assertThat(cursor.next()).isFalse();
      return keys;
    }
  }

  /** Random operations beside a map that is right by construction. */
  private static final class History {
    private final Engines engines;
    private final Random random;
    private final String directory;
    private Engine engine;
    private final List<NavigableMap<Bytes, Bytes>> sinceFlush = new ArrayList<>();
    private final List<Engine.View> views = new ArrayList<>();
    private final List<NavigableMap<Bytes, Bytes>> viewed = new ArrayList<>();
    private int checkpoints;

    History(Engines engines, int seed) {
      this.engines = engines;
      this.random = new Random(seed);
      this.directory = "history-" + seed;
      this.engine = engines.open(directory);
      sinceFlush.add(new TreeMap<>());
    }

    void run() {
      for (int step = 0; step < 60; step++) {
        switch (random.nextInt(10)) {
          case 0 -> flush();
          case 1 -> crash();
          case 2 -> checkpoint();
          case 3 -> openView();
          case 4, 5 -> compareViews();
          default -> write();
        }
      }
      closeViews();
      engine.close();
    }

    private NavigableMap<Bytes, Bytes> now() {
      return sinceFlush.getLast();
    }

    private void write() {
      NavigableMap<Bytes, Bytes> next = new TreeMap<>(now());
      Batch batch = new Batch();
      for (int i = random.nextInt(8); i >= 0; i--) {
        change(batch, next);
      }
      engine.write(batch);
      sinceFlush.add(next);
    }

    private void change(Batch batch, NavigableMap<Bytes, Bytes> next) {
      Bytes key = key();
      Bytes other = key();
      switch (random.nextInt(8)) {
        case 0 -> {
          batch.deleteRange(key, other);
          if (key.compareTo(other) < 0) {
            next.subMap(key, other).clear();
          }
        }
        case 1, 2 -> {
          batch.delete(key);
          next.remove(key);
        }
        default -> {
          batch.put(key, other);
          next.put(key, other);
        }
      }
    }

    private Bytes key() {
      byte[] key = new byte[random.nextInt(4)];
      for (int i = 0; i < key.length; i++) {
        key[i] = (byte) (random.nextInt(4) * 85);
      }
      return Bytes.wrap(key);
    }

    private void flush() {
      engine.flush();
      sinceFlush.subList(0, sinceFlush.size() - 1).clear();
    }

    private void crash() {
      closeViews();
      engine.close();
      engine = engines.open(directory);
      NavigableMap<Bytes, Bytes> found = content(engine);
      assertThat(sinceFlush).contains(found);
      sinceFlush.clear();
      sinceFlush.add(found);
    }

    private void checkpoint() {
      String copy = directory + "-copy-" + checkpoints++;
      NavigableMap<Bytes, Bytes> then = now();
      engine.checkpoint(copy);
      write();
      try (Engine opened = engines.open(copy)) {
        assertThat(content(opened)).isEqualTo(then);
        opened.write(new Batch().put(Bytes.of(7), Bytes.of(7)));
      }
      assertThat(content(engine)).isEqualTo(now());
    }

    private void openView() {
      views.add(engine.view());
      viewed.add(now());
    }

    private void compareViews() {
      Bytes key = key();
      assertThat(engine.get(key)).isEqualTo(now().get(key));
      for (int i = 0; i < views.size(); i++) {
        compare(views.get(i), viewed.get(i));
      }
    }

    private void compare(Engine.View view, NavigableMap<Bytes, Bytes> expected) {
      Bytes from = key();
      Bytes to = key();
      Map<Bytes, Bytes> part = from.compareTo(to) < 0 ? expected.subMap(from, to) : Map.of();
      assertThat(entries(view.scan(from, to))).containsExactlyElementsOf(part.entrySet());
      assertThat(entries(view.scanDown(from, to)).reversed())
          .containsExactlyElementsOf(part.entrySet());
      Bytes key = key();
      assertThat(view.get(key)).isEqualTo(expected.get(key));
    }

    private void closeViews() {
      views.forEach(Engine.View::close);
      views.clear();
      viewed.clear();
    }

    private static NavigableMap<Bytes, Bytes> content(Engine engine) {
      NavigableMap<Bytes, Bytes> content = new TreeMap<>();
      try (Engine.View view = engine.view()) {
        entries(view.scan(LOWEST, BEYOND)).forEach(e -> content.put(e.getKey(), e.getValue()));
      }
      return content;
    }

    private static List<Map.Entry<Bytes, Bytes>> entries(Engine.Cursor cursor) {
      try (cursor) {
        List<Map.Entry<Bytes, Bytes>> entries = new ArrayList<>();
        while (cursor.next()) {
          entries.add(Map.entry(cursor.key(), cursor.value()));
        }
        return entries;
      }
    }
  }
}
