package io.balsa.ctl;

import io.balsa.proto.etcdserverpb.DeleteRangeResponse;
import io.balsa.proto.etcdserverpb.PutResponse;
import io.balsa.proto.etcdserverpb.RangeResponse;
import io.balsa.proto.etcdserverpb.ResponseOp;
import io.balsa.proto.etcdserverpb.TxnResponse;
import io.balsa.proto.mvccpb.KeyValue;
import io.balsa.report.Table;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Answers as etcdctl prints them without being asked for a form. */
final class AnswerText {
  private AnswerText() {}

  static String of(PutResponse answer) {
    return lines(Stream.concat(Stream.of("OK"), previous(answer.getPrevKv())));
  }

  private static Stream<String> previous(KeyValue previous) {
    return previous.getKey().isEmpty() ? Stream.empty() : keyAndValue(previous);
  }

  static String of(RangeResponse answer) {
    return lines(answer.getKvsList().stream().flatMap(AnswerText::keyAndValue));
  }

  private static Stream<String> keyAndValue(KeyValue kv) {
    return Stream.of(kv.getKey().toStringUtf8(), kv.getValue().toStringUtf8());
  }

  static String values(RangeResponse answer) {
    return lines(answer.getKvsList().stream().map(kv -> kv.getValue().toStringUtf8()));
  }

  static String table(RangeResponse answer) {
    Table table = new Table("key", "value", "created", "modified", "version");
    answer
        .getKvsList()
        .forEach(
            kv ->
                table.row(
                    kv.getKey().toStringUtf8(),
                    kv.getValue().toStringUtf8(),
                    String.valueOf(kv.getCreateRevision()),
                    String.valueOf(kv.getModRevision()),
                    String.valueOf(kv.getVersion())));
    return table.text();
  }

  static String of(DeleteRangeResponse answer) {
    return lines(
        Stream.concat(
            Stream.of(String.valueOf(answer.getDeleted())),
            answer.getPrevKvsList().stream().flatMap(AnswerText::keyAndValue)));
  }

  static String of(TxnResponse answer) {
    return lines(
        Stream.concat(
            Stream.of(answer.getSucceeded() ? "SUCCESS" : "FAILURE"),
            answer.getResponsesList().stream().flatMap(each -> Stream.of("", of(each)))));
  }

  private static String of(ResponseOp answer) {
    return switch (answer.getResponseCase()) {
      case RESPONSE_RANGE -> of(answer.getResponseRange());
      case RESPONSE_PUT -> of(answer.getResponsePut());
      case RESPONSE_DELETE_RANGE -> of(answer.getResponseDeleteRange());
      case RESPONSE_TXN -> of(answer.getResponseTxn());
      case RESPONSE_NOT_SET -> "";
    };
  }

  private static String lines(Stream<String> lines) {
    List<String> all = lines.toList();
    return all.stream().collect(Collectors.joining(System.lineSeparator()));
  }
}
