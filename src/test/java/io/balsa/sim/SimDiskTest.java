package io.balsa.sim;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.host.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class SimDiskTest {
  private final World world = new World(new Trace(null), (_, _) -> {});
  private final SimDice dice = new SimDice(7);
  private final SimDisk disk = new SimDisk(world, 512);

  private DiskFile create(String path) throws IOException {
    return disk.create(path);
  }

  private static void write(DiskFile file, long at, String text) throws IOException {
    file.write(at, ByteBuffer.wrap(text.getBytes(UTF_8)));
  }

  private String read(String path) throws IOException {
    DiskFile file = disk.open(path);
    ByteBuffer content = ByteBuffer.allocate((int) file.size());
    file.read(0, content);
    return new String(content.array(), UTF_8);
  }

  @Test
  void whatIsForcedStays() throws IOException {
    DiskFile file = create("f");
    write(file, 0, "one");
    file.force();
    disk.forceDirectory("");
    write(file, 3, "two");
    assertThat(read("f")).isEqualTo("onetwo");
    disk.crash(Survival.NONE, dice);
    assertThat(read("f")).isEqualTo("one");
  }

  @Test
  void aKilledProcessLeavesEverythingItWrote() throws IOException {
    write(create("f"), 0, "one");
    disk.crash(Survival.ALL, dice);
    assertThat(read("f")).isEqualTo("one");
  }

  @Test
  void aNameThatIsNotForcedGoesWithItsFile() throws IOException {
    DiskFile file = create("f");
    write(file, 0, "one");
    file.force();
    disk.crash(Survival.NONE, dice);
    assertThat(disk.exists("f")).isFalse();
  }

  @Test
  void aRenameThatIsNotForcedLeavesTheOldName() throws IOException {
    write(create("old"), 0, "one");
    disk.open("old").force();
    disk.forceDirectory("");
    disk.rename("old", "new");
    assertThat(disk.list("")).containsExactly("new");
    disk.crash(Survival.NONE, dice);
    assertThat(disk.list("")).containsExactly("old");
    disk.rename("old", "new");
    disk.forceDirectory("");
    disk.crash(Survival.NONE, dice);
    assertThat(read("new")).isEqualTo("one");
  }

  @Test
  void aCrashKeepsAnySectorsAndNoHalves() throws IOException {
    String before = "a".repeat(512) + "b".repeat(512);
    TreeSet<String> outcomes = new TreeSet<>();
    for (int i = 0; i < 200; i++) {
      String path = "f" + i;
      DiskFile file = create(path);
      write(file, 0, before);
      file.force();
      disk.forceDirectory("");
      write(file, 0, "x".repeat(1024));
      write(file, 512, "y");
      disk.crash(Survival.SOME, dice);
      outcomes.add(read(path).substring(511, 514));
    }
    assertThat(outcomes).containsExactly("abb", "axx", "ayx", "xbb", "xxx", "xyx");
  }

  @Test
  void aFileThatGrewMayHaveItsLengthWithoutItsBytes() throws IOException {
    TreeSet<Integer> lengths = new TreeSet<>();
    TreeSet<String> ends = new TreeSet<>();
    for (int i = 0; i < 200; i++) {
      String path = "f" + i;
      DiskFile file = create(path);
      disk.forceDirectory("");
      write(file, 0, "x".repeat(600));
      disk.crash(Survival.SOME, dice);
      String content = read(path);
      lengths.add(content.length());
      ends.add(content.isEmpty() ? "" : content.substring(511, 513));
    }
    assertThat(lengths).containsExactly(0, 600);
    assertThat(ends).containsExactly("", "\0\0", "\0x", "x\0", "xx");
  }

  @Test
  void aDurableCopyHoldsWhatACrashWouldLeaveAtTheLeast() throws IOException {
    disk.createDirectory("d");
    disk.forceDirectory("");
    DiskFile file = create("d/f");
    write(file, 0, "one");
    assertThat(disk.durableCopy().list("d")).isEmpty();
    file.force();
    disk.forceDirectory("d");
    write(file, 0, "two");
    disk.crash(Survival.NONE, dice);
    assertThat(disk.durableCopy().list("d")).containsExactly("f");
    assertThat(read("d/f")).isEqualTo("one");
  }
}
