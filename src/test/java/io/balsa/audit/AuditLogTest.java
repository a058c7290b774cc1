package io.balsa.audit;

import static io.balsa.host.Until.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.audit.AuditRecord.Keys;
import io.balsa.bytes.Bytes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditLogTest {
  @TempDir private Path folder;

  private static AuditRecord record(long sequence, Keys... keys) {
    return new AuditRecord(
        sequence,
        Instant.parse("2026-06-01T12:00:00.123Z"),
        "alice",
        "token",
        "10.0.0.1",
        "KV/Put",
        List.of(keys),
        "",
        "OK",
        "",
        7,
        "");
  }

  @Test
  void aLineSaysWhatTheRecordSays() {
    Keys binary = new Keys(Bytes.of(0xff, 0), Bytes.of(0));
    AuditRecord record = record(3, new Keys(Bytes.utf8("a\"\n"), Bytes.EMPTY), binary);
    String line = AuditLines.line(record);
    assertThat(line)
        .startsWith("{\"seq\":3,\"time\":\"2026-06-01T12:00:00.123Z\",\"user\":\"alice\"")
        .contains("\"keys\":[{\"key\":\"a\\\"\\n\"},{\"key_base64\":\"/wA=\",\"end\":\"\\u0000\"}]")
        .endsWith("\"result\":\"OK\",\"revision\":7}\n");
    assertThat(AuditLines.parse(line)).isEqualTo(record);
  }

  @Test
  void aTornLineIsNoRecord() {
    String line = AuditLines.line(record(1));
    for (int length = 0; length < line.length() - 2; length += 7) {
      assertThat(AuditLines.parse(line.substring(0, length))).isNull();
    }
    assertThat(AuditLines.parse("[]")).isNull();
    assertThat(AuditLines.parse("{\"seq\":\"x\"}")).isNull();
  }

  @Test
  void theFileIsItsOwnersAndHasEveryRecordInOrder() throws Exception {
    Path file = folder.resolve("audit.log");
    AuditLog log = AuditLog.open(new AuditLog.Settings(file, AuditLevel.WRITES, 1, 0));
    for (int i = 1; i <= 1_000; i++) {
      log.add(record(log.nextSequence()));
    }
    log.close();
    List<String> lines = Files.readAllLines(file);
    assertThat(lines).hasSize(1_000);
    for (int i = 0; i < lines.size(); i++) {
      AuditRecord record = AuditLines.parse(lines.get(i));
      assertThat(record).isNotNull();
      assertThat(record.sequence()).isEqualTo(i + 1);
    }
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(log.written()).isEqualTo(1_000);
  }

  @Test
  void whatFindsNoPlaceIsCounted() throws Exception {
    Path file = folder.resolve("audit.log");
    AuditLog log = AuditLog.open(new AuditLog.Settings(file, AuditLevel.WRITES, 1, 0));
    log.close();
    log.add(record(1));
    assertThat(log.lost()).isEqualTo(1);
  }

  private static AuditRecord ofStranger(long sequence) {
    return new AuditRecord(
        sequence,
        Instant.parse("2026-06-01T12:00:00Z"),
        "",
        "none",
        "10.0.0.1",
        "KV/Put",
        List.of(),
        "",
        "UNAUTHENTICATED",
        "",
        0,
        "");
  }

  @Test
  void aFloodOfStrangersIsOneRecordAndTheOthersAreKept() throws Exception {
    Path file = folder.resolve("audit.log");
    AtomicLong now = new AtomicLong();
    AuditLog log = AuditLog.open(new AuditLog.Settings(file, AuditLevel.WRITES, 1, 0), now::get);
    for (int i = 0; i < 20_000; i++) {
      if (log.admitsStranger(i % 100 == 0 ? "10.0.0.2" : "10.0.0.1")) {
        log.addOfStranger(ofStranger(log.nextSequence()));
      }
    }
    log.add(record(log.nextSequence()));
    now.addAndGet(StrangerBound.WINDOW_NANOS);
    until(() -> log.written() == 2 * StrangerBound.OF_SOURCE_MAX + 2);
    assertThat(log.admitsStranger("10.0.0.1")).as("a new window").isTrue();
    log.close();
    List<AuditRecord> records = Files.readAllLines(file).stream().map(AuditLines::parse).toList();
    int left = 20_000 - 2 * StrangerBound.OF_SOURCE_MAX;
    assertThat(records)
        .filteredOn(each -> each.result().equals(AuditRecord.LEFT_OUT))
        .singleElement()
        .satisfies(
            said -> {
              assertThat(said.subject()).isEqualTo("left_out=" + left + " sources=2");
              assertThat(said.source()).isEqualTo("10.0.0.1");
            });
    assertThat(records).filteredOn(each -> each.user().equals("alice")).hasSize(1);
    assertThat(log.lost()).isEqualTo(left);
  }

  @Test
  void manySourcesTogetherHaveABound() {
    StrangerBound bound = new StrangerBound(() -> 0);
    int admitted = 0;
    for (int i = 0; i < 10_000; i++) {
      admitted += bound.admits("10.1." + i / 256 + "." + i % 256) ? 1 : 0;
    }
    assertThat(admitted).isEqualTo(StrangerBound.OF_ALL_MAX);
    assertThat(bound.next(false)).isNull();
    assertThat(bound.next(true)).isEqualTo(new StrangerBound.LeftOut(9_900, "", 1_001));
  }

  @Test
  void strangersLeaveHalfOfTheQueueToUsers() {
    AuditQueue queue = new AuditQueue(100, 1 << 20);
    int strangers = 0;
    while (queue.offer(ofStranger(strangers), true)) {
      strangers++;
    }
    int users = 0;
    while (queue.offer(record(users), false)) {
      users++;
    }
    assertThat(strangers).isEqualTo(50);
    assertThat(users).isEqualTo(50);
  }

  @Test
  void strangersLeaveHalfOfTheBytesToUsers() throws Exception {
    AuditQueue queue = new AuditQueue(10_000, 100 * record(1).bytes());
    int strangers = 0;
    while (queue.offer(ofStranger(strangers), true)) {
      strangers++;
    }
    assertThat(strangers).isBetween(48, 52);
    assertThat(queue.offer(record(1), false)).isTrue();
    List<AuditRecord> taken = new ArrayList<>();
    queue.take(taken, 0, 10_000);
    assertThat(taken).hasSize(strangers + 1);
    assertThat(queue.offer(ofStranger(1), true)).as("their bytes are free again").isTrue();
  }

  @Test
  void everyLevelHasTheOnesBefore() {
    assertThat(AuditLevel.WRITES.has(AuditLevel.DENIALS)).isTrue();
    assertThat(AuditLevel.DENIALS.has(AuditLevel.WRITES)).isFalse();
    assertThat(AuditLevel.NONE.has(AuditLevel.DENIALS)).isFalse();
    assertThat(AuditLevel.ALL.has(AuditLevel.ALL)).isTrue();
    assertThat(AuditLevel.of("writes")).contains(AuditLevel.WRITES);
    assertThat(AuditLevel.of("Writes")).isEmpty();
  }

  @Test
  void aRangeHasItsKeys() {
    Keys prefix = new Keys(Bytes.utf8("a"), Bytes.utf8("b"));
    assertThat(prefix.contains(Bytes.utf8("ab"))).isTrue();
    assertThat(prefix.contains(Bytes.utf8("b"))).isFalse();
    assertThat(new Keys(Bytes.utf8("a"), Bytes.of(0)).contains(Bytes.utf8("z"))).isTrue();
    assertThat(new Keys(Bytes.utf8("a"), Bytes.EMPTY).contains(Bytes.utf8("ab"))).isFalse();
  }
}
