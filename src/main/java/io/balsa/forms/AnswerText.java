package io.balsa.forms;

import io.balsa.proto.etcdserverpb.DeleteRangeResponse;
import io.balsa.proto.etcdserverpb.PutResponse;
import io.balsa.proto.etcdserverpb.RangeResponse;
import io.balsa.proto.etcdserverpb.ResponseOp;
import io.balsa.proto.etcdserverpb.TxnResponse;
import io.balsa.report.Table;

/** Answers about keys in the form {@code simple}, and in a table. */
public final class AnswerText {
  private AnswerText() {}

  /** OK, and the previous key and value if the answer has them. */
  public static void print(Lines lines, PutResponse answer) {
    lines.line("OK");
    if (answer.hasPrevKv()) {
      lines.keyAndValue(answer.getPrevKv());
    }
  }

  /** A line for each key and each value. */
  public static void print(Lines lines, RangeResponse answer) {
    answer.getKvsList().forEach(lines::keyAndValue);
  }

  /** A line for each value. */
  public static void printValues(Lines lines, RangeResponse answer) {
    answer.getKvsList().forEach(kv -> lines.line(kv.getValue()));
  }

  /** The number of deleted keys, and what was deleted if the answer has it. */
  public static void print(Lines lines, DeleteRangeResponse answer) {
    lines.line(String.valueOf(answer.getDeleted()));
    answer.getPrevKvsList().forEach(lines::keyAndValue);
  }

  /** Whether the conditions held, and each answer after an empty line. */
  public static void print(Lines lines, TxnResponse answer) {
    lines.line(answer.getSucceeded() ? "SUCCESS" : "FAILURE");
    for (ResponseOp each : answer.getResponsesList()) {
      lines.line("");
      switch (each.getResponseCase()) {
        case RESPONSE_RANGE -> print(lines, each.getResponseRange());
        case RESPONSE_PUT -> print(lines, each.getResponsePut());
        case RESPONSE_DELETE_RANGE -> print(lines, each.getResponseDeleteRange());
        case RESPONSE_TXN -> print(lines, each.getResponseTxn());
        case RESPONSE_NOT_SET -> throw new IllegalArgumentException("an answer without content");
      }
    }
  }

  /** A row for each key. */
  public static Table table(RangeResponse answer) {
    Table table = new Table("key", "value", "created", "modified", "version");
    answer
        .getKvsList()
        .forEach(
            kv ->
                table.row(
                    RawText.of(kv.getKey().toByteArray()),
                    RawText.of(kv.getValue().toByteArray()),
                    String.valueOf(kv.getCreateRevision()),
                    String.valueOf(kv.getModRevision()),
                    String.valueOf(kv.getVersion())));
    return table;
  }
}
