package io.balsa.host;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.balsa.bytes.Bytes;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What every {@link Disk} does, crashes apart; a test class extends it with a fresh disk. */
public interface DiskContract {
  /** An empty disk. */
  Disk fresh() throws IOException;

  @Test
  default void aMissingDirectoryListsNothing() throws IOException {
    assertThat(fresh().list("nowhere")).isEmpty();
    assertThat(fresh().exists("nowhere")).isFalse();
  }

  @Test
  default void namesAreListedInOrder() throws IOException {
    Disk disk = fresh();
    disk.createDirectory("a/b");
    disk.createDirectory("a/b");
    for (String name : List.of("2", "10", "1")) {
      disk.create("a/b/" + name).close();
    }
    disk.forceDirectory("a/b");
    disk.forceDirectory("a");
    disk.forceDirectory("");
    assertThat(disk.list("a/b")).containsExactly("1", "10", "2");
    assertThat(disk.list("a")).containsExactly("b");
    assertThat(disk.list("")).containsExactly("a");
    assertThat(disk.exists("a/b/10")).isTrue();
  }

  @Test
  default void aFileIsCreatedOnceAndOpenedOnlyWhenThere() throws IOException {
    Disk disk = fresh();
    disk.create("file").close();
    assertThatThrownBy(() -> disk.create("file")).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> disk.open("other")).isInstanceOf(IOException.class);
  }

  @Test
  default void whatIsWrittenIsReadByPosition() throws IOException {
    try (DiskFile file = fresh().create("file")) {
      file.write(0, ByteBuffer.wrap("hello".getBytes(UTF_8)));
      file.write(8, ByteBuffer.wrap("there".getBytes(UTF_8)));
      file.write(1, ByteBuffer.wrap("a".getBytes(UTF_8)));
      file.force();
      assertThat(file.size()).isEqualTo(13);
      assertThat(text(file, 0, 13)).isEqualTo("hallo\0\0\0there");
      assertThat(text(file, 9, 100)).isEqualTo("here");
      assertThat(text(file, 13, 1)).isEmpty();
      assertThat(text(file, 99, 1)).isEmpty();
    }
  }

  @Test
  default void aShortReadIsAFailureWhereAllIsNeeded() throws IOException {
    Disk disk = fresh();
    try (DiskFile file = disk.create("file")) {
      file.write(0, ByteBuffer.wrap("hello".getBytes(UTF_8)));
      assertThat(file.readExactly(1, 4)).isEqualTo(Bytes.utf8("ello"));
      assertThat(file.readExactly(5, 0)).isEqualTo(Bytes.EMPTY);
      assertThatThrownBy(() -> file.readExactly(1, 5))
          .isInstanceOf(EOFException.class)
          .hasMessage("a file ended while it was read: 4 of 5 bytes at 1");
    }
    assertThat(disk.readWhole("file")).isEqualTo(Bytes.utf8("hello"));
    assertThatThrownBy(() -> disk.readWhole("other")).isInstanceOf(IOException.class);
  }

  @Test
  default void aTruncatedFileIsShorterAndGrowsWithZeros() throws IOException {
    try (DiskFile file = fresh().create("file")) {
      file.write(0, ByteBuffer.wrap("hello".getBytes(UTF_8)));
      file.truncate(2);
      assertThat(file.size()).isEqualTo(2);
      file.write(4, ByteBuffer.wrap("x".getBytes(UTF_8)));
      assertThat(text(file, 0, 10)).isEqualTo("he\0\0x");
    }
  }

  @Test
  default void aRenameTakesThePlaceOfAFileAndKeepsItOpen() throws IOException {
    Disk disk = fresh();
    disk.create("new").close();
    try (DiskFile file = disk.create("old")) {
      disk.rename("old", "new");
      file.write(0, ByteBuffer.wrap("x".getBytes(UTF_8)));
    }
    assertThat(disk.list("")).containsExactly("new");
    try (DiskFile file = disk.open("new")) {
      assertThat(text(file, 0, 9)).isEqualTo("x");
    }
  }

  @Test
  default void aDirectoryIsRenamedAndDeletedWithAllBelow() throws IOException {
    Disk disk = fresh();
    disk.createDirectory("a/b");
    disk.create("a/b/file").close();
    disk.rename("a", "c");
    assertThat(disk.list("c/b")).containsExactly("file");
    disk.delete("c");
    disk.delete("c");
    assertThat(disk.list("")).isEmpty();
  }

  @Test
  default void anOpenFileOutlivesItsName() throws IOException {
    Disk disk = fresh();
    try (DiskFile file = disk.create("file")) {
      file.write(0, ByteBuffer.wrap("x".getBytes(UTF_8)));
      disk.delete("file");
      assertThat(text(file, 0, 9)).isEqualTo("x");
    }
    assertThat(disk.exists("file")).isFalse();
  }

  @Test
  default void thereIsSpace() throws IOException {
    assertThat(fresh().freeBytes()).isPositive();
  }

  private static String text(DiskFile file, long position, int most) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(most);
    int read = file.read(position, buffer);
    assertThat(buffer.position()).isEqualTo(read);
    return new String(buffer.array(), 0, read, UTF_8);
  }
}
