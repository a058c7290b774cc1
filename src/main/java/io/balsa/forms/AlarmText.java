package io.balsa.forms;

import io.balsa.proto.etcdserverpb.AlarmMember;
import io.balsa.proto.etcdserverpb.AlarmResponse;
import io.balsa.report.Table;

/** Answers about alarms in the form {@code simple}, or in a table. */
public final class AlarmText {
  private AlarmText() {}

  /** A line for each alarm. */
  public static void print(Lines lines, AlarmResponse answer) {
    for (AlarmMember each : answer.getAlarmsList()) {
      lines.line(
          "memberID:%s alarm:%s"
              .formatted(Long.toUnsignedString(each.getMemberID()), each.getAlarm().name()));
    }
  }

  /** A row for each alarm. */
  public static Table table(AlarmResponse answer) {
    Table table = new Table("member", "alarm");
    answer
        .getAlarmsList()
        .forEach(each -> table.row(Long.toHexString(each.getMemberID()), each.getAlarm().name()));
    return table;
  }
}
