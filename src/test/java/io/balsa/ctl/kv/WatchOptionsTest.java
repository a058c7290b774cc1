package io.balsa.ctl.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.balsa.ctl.BadInput;
import io.balsa.forms.RawText;
import io.balsa.proto.etcdserverpb.WatchCreateRequest;
import io.balsa.proto.mvccpb.Event;
import io.balsa.proto.mvccpb.KeyValue;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The cases of etcdctl's own test of the words behind {@code watch}. */
class WatchOptionsTest {
  private static final Map<String, String> KEY = Map.of("ETCDCTL_WATCH_KEY", "foo");
  private static final Map<String, String> RANGE =
      Map.of("ETCDCTL_WATCH_KEY", "foo", "ETCDCTL_WATCH_RANGE_END", "bar");

  private static String read(Map<String, String> environment, String line) {
    List<String> words = line.isEmpty() ? List.of() : List.of(line.split(" "));
    WatchOptions.Wanted wanted = WatchOptions.parse(words, environment);
    WatchCreateRequest request = wanted.request();
    return "%s..%s rev=%d prev=%s run=%s"
        .formatted(
            request.getKey().toStringUtf8(),
            request.getRangeEnd().toStringUtf8(),
            request.getStartRevision(),
            request.getPrevKv(),
            wanted.command());
  }

  @Test
  void wordsAreKeysThenACommand() {
    assertThat(read(Map.of(), "foo bar")).isEqualTo("foo..bar rev=0 prev=false run=[]");
    assertThat(read(Map.of(), "foo --rev 1 bar -- echo foo bar"))
        .isEqualTo("foo..bar rev=1 prev=false run=[echo, foo, bar]");
    assertThat(read(Map.of(), "foo --prev-kv=true --prefix -- echo --rev 7"))
        .isEqualTo("foo..fop rev=0 prev=true run=[echo, --rev, 7]");
    assertThat(read(KEY, "--rev 1 -- foo foo")).isEqualTo("foo.. rev=1 prev=false run=[foo, foo]");
    assertThat(read(RANGE, "")).isEqualTo("foo..bar rev=0 prev=false run=[]");
    assertThat(read(Map.of("BALSA_WATCH_KEY", "ours", "ETCDCTL_WATCH_KEY", "foo"), ""))
        .startsWith("ours..");
  }

  @Test
  void badWordsAreRefused() {
    assertRefused(Map.of(), "", "give a KEY");
    assertRefused(Map.of(), "foo bar --", "no COMMAND behind --");
    assertRefused(Map.of(), "a b c", "more than KEY and END");
    assertRefused(KEY, "foo", "give the KEY once");
    assertRefused(RANGE, "foo -- echo", "give the KEY once");
    assertRefused(RANGE, "--prefix", "only one of --prefix");
    assertRefused(Map.of("ETCDCTL_WATCH_RANGE_END", "b"), "a", "ETCDCTL_WATCH_KEY is not");
    assertRefused(Map.of(), "a --rev=x", "--rev");
    assertRefused(Map.of(), "a -- echo " + RawText.ofByte((byte) 0xff), "COMMAND: it cannot get");
    assertRefused(
        Map.of("ETCDCTL_WATCH_KEY", "a\ufffd"), "", "ETCDCTL_WATCH_KEY: this locale cannot");
  }

  private static void assertRefused(Map<String, String> environment, String line, String why) {
    assertThatThrownBy(() -> read(environment, line))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining(why);
  }

  @Test
  void aCommandFindsTheEventInQuotes() {
    Event event =
        Event.newBuilder()
            .setType(Event.EventType.DELETE)
            .setKv(
                KeyValue.newBuilder()
                    .setKey(ByteString.copyFromUtf8("a\"b\n"))
                    .setValue(ByteString.copyFrom(new byte[] {(byte) 0xff, 0})))
            .build();

    assertThat(EventCommand.variables(9, event))
        .isEqualTo(
            Map.of(
                "ETCD_WATCH_REVISION", "9",
                "ETCD_WATCH_EVENT_TYPE", "\"DELETE\"",
                "ETCD_WATCH_KEY", "\"a\\\"b\\n\"",
                "ETCD_WATCH_VALUE", "\"\\xff\\x00\""));
  }
}
