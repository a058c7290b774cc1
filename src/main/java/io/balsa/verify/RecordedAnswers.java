package io.balsa.verify;

import com.google.protobuf.ByteString;
import io.balsa.bytes.Bytes;
import io.balsa.check.Answer;
import io.balsa.check.WatchEvent;
import io.balsa.proto.etcdserverpb.RangeResponse;
import io.balsa.proto.mvccpb.Event;
import io.balsa.proto.mvccpb.KeyValue;

/** Between what etcd's protocol says and what the checker takes. */
public final class RecordedAnswers {
  private RecordedAnswers() {}

  /** What the reading of one key was told. */
  public static Answer of(RangeResponse response) {
    long revision = response.getHeader().getRevision();
    if (response.getKvsCount() == 0) {
      return new Answer.Nothing(revision);
    }
    KeyValue found = response.getKvs(0);
    return new Answer.Found(
        Bytes.wrap(found.getValue().toByteArray()),
        found.getCreateRevision(),
        found.getModRevision(),
        found.getVersion(),
        revision);
  }

  /** What a watcher was told. */
  public static WatchEvent of(Event event) {
    KeyValue now = event.getKv();
    boolean deleted = event.getType() == Event.EventType.DELETE;
    return new WatchEvent(
        Bytes.wrap(now.getKey().toByteArray()),
        deleted ? null : Bytes.wrap(now.getValue().toByteArray()),
        now.getCreateRevision(),
        now.getModRevision(),
        now.getVersion(),
        event.hasPrevKv() ? Bytes.wrap(event.getPrevKv().getValue().toByteArray()) : null);
  }

  public static ByteString proto(Bytes bytes) {
    return ByteString.copyFrom(bytes.toArray());
  }
}
