package io.balsa.ctl.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.balsa.ctl.BadInput;
import io.balsa.ctl.Words;
import io.balsa.forms.RawText;
import io.balsa.proto.etcdserverpb.Compare;
import io.balsa.proto.etcdserverpb.Compare.CompareResult;
import io.balsa.proto.etcdserverpb.RangeRequest;
import io.balsa.proto.etcdserverpb.TxnRequest;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TxnTextTest {
  @Test
  void threeSectionsEndWithAnEmptyLineEach() {
    TxnRequest txn =
        TxnText.parse(
            List.of(
                "mod(\"a b\") > \"7\"",
                "value(\"x\") = \"say \\\"hi\\\"\"",
                "",
                "put x 'two words' --prev-kv=true",
                "del y --prefix",
                "",
                "get x"));

    assertThat(txn.getCompareList())
        .containsExactly(
            Compare.newBuilder()
                .setTarget(Compare.CompareTarget.MOD)
                .setKey(bytes("a b"))
                .setResult(CompareResult.GREATER)
                .setModRevision(7)
                .build(),
            Compare.newBuilder()
                .setTarget(Compare.CompareTarget.VALUE)
                .setKey(bytes("x"))
                .setResult(CompareResult.EQUAL)
                .setValue(bytes("say \"hi\""))
                .build());
    assertThat(txn.getSuccess(0).getRequestPut().getValue()).isEqualTo(bytes("two words"));
    assertThat(txn.getSuccess(0).getRequestPut().getPrevKv()).isTrue();
    assertThat(txn.getSuccess(1).getRequestDeleteRange().getRangeEnd()).isEqualTo(bytes("z"));
    assertThat(txn.getFailure(0).getRequestRange().getKey()).isEqualTo(bytes("x"));
  }

  @Test
  void onlyBlanksAreStripped() {
    String value = "\u3000x\u001f\u3000";

    TxnRequest txn = TxnText.parse(List.of("", " \tput k " + value + "\t\r"));

    assertThat(txn.getSuccess(0).getRequestPut().getValue()).isEqualTo(bytes(value));
    assertThat(TxnText.stripped(" \t\r")).isEmpty();
    assertThat(TxnText.stripped("\u3000")).isNotEmpty();
  }

  @Test
  void sectionsMayBeEmpty() {
    assertThat(TxnText.parse(List.of())).isEqualTo(TxnRequest.getDefaultInstance());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "size(\"a\") = \"1\"",
        "mod(a) = \"1\"",
        "mod(\"a\") ~ \"1\"",
        "mod(\"a\") = \"x\""
      })
  void aBadConditionIsQuoted(String line) {
    assertThatThrownBy(() -> TxnText.condition(line))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining(line);
  }

  @ParameterizedTest
  @ValueSource(strings = {"watch x", "get", "put x", "get x --frob"})
  void aBadRequestIsRefused(String line) {
    assertThatThrownBy(() -> TxnText.request(line)).isInstanceOf(BadInput.class);
  }

  @Test
  void wordsAreSplitAsEtcdctlDoes() {
    assertThat(Words.split(" put  'a b' \"c \\\"d\\\"\" e\\ f '' a\"b 'x\\y'"))
        .containsExactly("put", "a b", "c \"d\"", "e\\", "f", "", "a\"b", "x\\y");
    assertThatThrownBy(() -> Words.split("put 'a")).isInstanceOf(BadInput.class);
  }

  @Test
  void aLongQuotedValueNeedsNoStack() {
    String value = "v".repeat(1 << 20);

    assertThat(Words.split("put k \"" + value + "\"")).containsExactly("put", "k", value);
    assertThat(TxnText.condition("val(\"k\") = \"" + value + "\"").getValue())
        .isEqualTo(bytes(value));
  }

  @Test
  void escapesStandForBytes() {
    String typed = "\"\\x41\\xff\\303\\261\\u00e9\\U0001F600\\a\\b\\f\\n\\r\\t\\v\\\\\"";

    ByteString bytes = RawText.bytes(Words.split(typed).getFirst());

    assertThat(bytes.substring(0, 2)).isEqualTo(ByteString.fromHex("41ff"));
    assertThat(bytes.substring(2)).isEqualTo(bytes("ñé\uD83D\uDE00\u0007\b\f\n\r\t\u000b\\"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"\\q\"", "\"\\x4\"", "\"\\777\"", "\"\\ud800\"", "\"\\'\""})
  void aWrongEscapeIsRefused(String word) {
    assertThatThrownBy(() -> Words.split(word)).isInstanceOf(BadInput.class);
  }

  @Test
  void aPrefixOfHighestBytesHasNoEnd() {
    RangeOptions options = new RangeOptions();
    options.keys.prefix = true;

    assertThat(options.request().getRangeEnd()).isEqualTo(ByteString.copyFrom(new byte[1]));
    assertThat(options.request().getKey()).isEqualTo(ByteString.copyFrom(new byte[1]));
  }

  @Test
  void sortingBySomethingElseThanTheKeyIsAscendingUnlessSaid() {
    RangeOptions options = new RangeOptions();
    options.keys.key = bytes("a");
    options.sortBy = RangeOptions.SortBy.MODIFY;

    assertThat(options.request().getSortOrder()).isEqualTo(RangeRequest.SortOrder.ASCEND);
    assertThat(options.request().getSortTarget()).isEqualTo(RangeRequest.SortTarget.MOD);
  }

  private static ByteString bytes(String text) {
    return ByteString.copyFromUtf8(text);
  }
}
