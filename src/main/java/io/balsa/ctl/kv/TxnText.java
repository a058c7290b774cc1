package io.balsa.ctl.kv;

import com.google.protobuf.ByteString;
import io.balsa.ctl.BadInput;
import io.balsa.ctl.GlobalOptions;
import io.balsa.ctl.ParseTexts;
import io.balsa.ctl.Words;
import io.balsa.forms.RawText;
import io.balsa.proto.etcdserverpb.Compare;
import io.balsa.proto.etcdserverpb.RequestOp;
import io.balsa.proto.etcdserverpb.TxnRequest;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/**
 * A transaction as etcdctl reads it: conditions, requests for the case that all hold, requests for
 * the other case; one per line, an empty line after each part.
 */
final class TxnText {
  /** Possessive, as in {@link Words}: a long value must not overflow the stack. */
  private static final String QUOTED = "\"((?:[^\"\\\\]|\\\\.)*+)\"";

  private static final String BLANKS = " \t\n\f\r";
  private static final Pattern CONDITION =
      Pattern.compile("(\\w+)\\(" + QUOTED + "\\)\\s*(=|!=|<|>)\\s*" + QUOTED);

  private TxnText() {}

  /** Reads all lines. */
  static TxnRequest parse(List<String> lines) {
    Iterator<String> rest = lines.iterator();
    TxnRequest.Builder txn = TxnRequest.newBuilder();
    section(rest).forEach(line -> txn.addCompare(condition(line)));
    section(rest).forEach(line -> txn.addSuccess(request(line)));
    section(rest).forEach(line -> txn.addFailure(request(line)));
    return txn.build();
  }

  private static List<String> section(Iterator<String> lines) {
    List<String> section = new ArrayList<>();
    while (lines.hasNext()) {
      String line = stripped(lines.next());
      if (line.isEmpty()) {
        break;
      }
      section.add(line);
    }
    return section;
  }

  /** Without the blanks that separate words; other space may belong to a value. */
  static String stripped(String line) {
    int from = 0;
    int to = line.length();
    while (from < to && BLANKS.indexOf(line.charAt(from)) >= 0) {
      from++;
    }
    while (from < to && BLANKS.indexOf(line.charAt(to - 1)) >= 0) {
      to--;
    }
    return line.substring(from, to);
  }

  /** Reads {@code mod("key") > "0"} and its like. */
  static Compare condition(String line) {
    Matcher parts = CONDITION.matcher(line);
    if (!parts.matches()) {
      throw new BadInput(
          "bad condition: "
              + line
              + "; write it as TARGET(\"KEY\") OP \"VALUE\", OP one of = != < >");
    }
    Compare.Builder compare =
        Compare.newBuilder().setKey(text(parts.group(2))).setResult(relation(parts.group(3)));
    return against(compare, line, parts.group(1), parts.group(4)).build();
  }

  private static Compare.Builder against(
      Compare.Builder compare, String line, String target, String operand) {
    return switch (target) {
      case "ver", "version" ->
          compare.setTarget(Compare.CompareTarget.VERSION).setVersion(number(line, operand));
      case "c", "create" ->
          compare.setTarget(Compare.CompareTarget.CREATE).setCreateRevision(number(line, operand));
      case "m", "mod" ->
          compare.setTarget(Compare.CompareTarget.MOD).setModRevision(number(line, operand));
      case "val", "value" -> compare.setTarget(Compare.CompareTarget.VALUE).setValue(text(operand));
      case "lease" ->
          compare.setTarget(Compare.CompareTarget.LEASE).setLease(number(line, operand));
      default ->
          throw new BadInput(
              "bad condition: "
                  + line
                  + "; '"
                  + target
                  + "' is none of ver, create, mod, val, lease");
    };
  }

  private static Compare.CompareResult relation(String sign) {
    return switch (sign) {
      case "=" -> Compare.CompareResult.EQUAL;
      case "!=" -> Compare.CompareResult.NOT_EQUAL;
      case "<" -> Compare.CompareResult.LESS;
      default -> Compare.CompareResult.GREATER;
    };
  }

  private static long number(String line, String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException _) {
      throw new BadInput("bad condition: " + line + "; '" + text + "' is not a number");
    }
  }

  private static ByteString text(String quoted) {
    return RawText.bytes(Words.unescaped(quoted));
  }

  /** Reads a line as it would stand behind {@code balsa}: get, put or del. */
  static RequestOp request(String line) {
    List<String> words = Words.split(line);
    String[] rest = words.subList(1, words.size()).toArray(String[]::new);
    try {
      return switch (words.getFirst()) {
        case "get" ->
            RequestOp.newBuilder()
                .setRequestRange(read(new RangeOptions(), rest).request())
                .build();
        case "put" ->
            RequestOp.newBuilder().setRequestPut(read(new PutOptions(), rest).request()).build();
        case "del" ->
            RequestOp.newBuilder()
                .setRequestDeleteRange(read(new DeleteOptions(), rest).request())
                .build();
        default ->
            throw new BadInput("bad request: " + line + "; it must begin with get, put or del");
      };
    } catch (ParameterException wrong) {
      throw new BadInput("bad request: " + line + "; " + ParseTexts.line(wrong));
    }
  }

  private static <T> T read(T options, String... words) {
    CommandLine command = new CommandLine(options).setExpandAtFiles(false);
    command.setOverwrittenOptionsAllowed(true).setCaseInsensitiveEnumValuesAllowed(true);
    List<String> plain = GlobalOptions.plainFlags(command.getCommandSpec(), List.of(words));
    command.parseArgs(plain.toArray(String[]::new));
    return options;
  }
}
