package io.balsa.verify;

import com.google.protobuf.ByteString;
import io.balsa.bytes.Bytes;
import io.balsa.check.Answer;
import io.balsa.check.WatchEvent;
import io.balsa.proto.etcdserverpb.RangeResponse;
import io.balsa.proto.mvccpb.Event;
import io.balsa.proto.mvccpb.KeyValue;

/** Converts etcd's responses to the values of the checker. */
public final class RecordedAnswers {
  private RecordedAnswers() {}

  /** The answer to a read of one key. */
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

  /** An event of a watch. */
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
