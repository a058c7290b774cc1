package io.balsa.wal;

import io.balsa.bytes.Check;
import io.balsa.raft.LogPosition;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes a batch: one array, one write, one force. A batch never spans two segments. If it does not
 * fit, a new segment begins with it; all before is forced already.
 */
final class BatchWriter {
  private static final int BUFFER_BYTES = 64 << 10;
  private static final int BUFFER_BYTES_KEPT = 4 << 20;

  private final SegmentFiles files;
  private final Contents contents;
  private byte[] buffer = new byte[BUFFER_BYTES];

  BatchWriter(SegmentFiles files, Contents contents) {
    this.files = files;
    this.contents = contents;
  }

  /** Writes records, at least one; when it returns, they are durable. */
  void write(List<WalRecord> records) throws IOException {
    long bytes = bytesOf(records);
    Segment newest = contents.newest();
    if (newest != null && newest.hasRoomFor(bytes)) {
      write(newest, records, bytes);
    } else {
      writeToNext(newest, records, bytes);
    }
  }

  private void writeToNext(@Nullable Segment newest, List<WalRecord> records, long bytes)
      throws IOException {
    WalRecord opening = opening(newest == null ? 1 : newest.number() + 1);
    long allBytes = bytes + RecordFormat.bytes(opening);
    List<WalRecord> all = new ArrayList<>(records.size() + 1);
    all.add(opening);
    all.addAll(records);
    write(files.create(((WalRecord.Opening) opening).segment(), allBytes), all, allBytes);
  }

  private WalRecord opening(long number) {
    LogState state = contents.state();
    LogPosition last = state.last();
    return new WalRecord.Opening(
        contents.identity(), number, state.term(), state.votedFor(), last, state.configuration());
  }

  private void write(Segment segment, List<WalRecord> records, long bytes) throws IOException {
    reserve(bytes);
    long batch = contents.batch() + 1;
    int checksum = encode(segment, records, batch);
    segment.file().write(segment.end(), ByteBuffer.wrap(buffer, 0, (int) bytes));
    segment.file().force();
    for (WalRecord record : records) {
      contents.add(segment, segment.end(), record);
      segment.endAt(segment.end() + RecordFormat.bytes(record));
    }
    contents.ended(batch, checksum);
    if (buffer.length > BUFFER_BYTES_KEPT) {
      buffer = new byte[BUFFER_BYTES];
    }
  }

  private int encode(Segment segment, List<WalRecord> records, long batch) {
    int checksum = contents.checksum();
    int at = 0;
    for (int i = 0; i < records.size(); i++) {
      WalRecord record = records.get(i);
      boolean last = i == records.size() - 1;
      RecordFormat.Link link = new RecordFormat.Link(batch, last, checksum);
      checksum = RecordFormat.write(buffer, at, record, segment.number(), segment.end() + at, link);
      at += (int) RecordFormat.bytes(record);
    }
    return checksum;
  }

  private void reserve(long bytes) {
    Check.that(bytes <= Integer.MAX_VALUE - 64, "a batch fits into an array");
    if (buffer.length < bytes) {
      buffer = new byte[(int) Math.max(bytes, Math.min(2 * bytes, BUFFER_BYTES_KEPT))];
    }
  }

  private static long bytesOf(List<WalRecord> records) {
    long bytes = 0;
    for (WalRecord record : records) {
      bytes += RecordFormat.bytes(record);
    }
    return bytes;
  }
}
