package io.balsa.ctl.kv;

import io.balsa.client.RequestFailed;
import io.balsa.ctl.ClientOptions;
import io.balsa.ctl.OutputOptions;
import io.balsa.ctl.TerminalNotes;
import io.balsa.forms.AnswerText;
import io.balsa.proto.etcdserverpb.TxnRequest;
import io.balsa.proto.etcdserverpb.TxnResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Executes one of two lists of requests, depending on conditions. */
@Command(
    name = "txn",
    description = {
      "Executes one of two lists of requests, depending on conditions.",
      "Reads standard input as etcdctl does: conditions, requests for the case that all hold,",
      "requests for the other case; one per line, an empty line after each part."
    },
    footer = {
      "",
      "Conditions: ver, create, mod, val or lease of a key, = != < or > a value.",
      "Requests: get, put and del with their options.",
      "",
      "Example:",
      "  balsa txn <<'END'",
      "  val(\"greeting\") = \"hello\"",
      "",
      "  put greeting 'good bye'",
      "",
      "  get greeting",
      "",
      "  END"
    })
public final class TxnCommand implements Callable<Integer> {
  private static final List<String> SECTIONS =
      List.of(
          "compares:", "success requests (get, put, del):", "failure requests (get, put, del):");

  @Mixin private ClientOptions client;
  @Mixin private OutputOptions output;

  @Option(
      names = {"-i", "--interactive"},
      description = "prompt for each part")
  private boolean interactive;

  @Override
  public Integer call() throws RequestFailed, IOException {
    TxnRequest request = TxnText.parse(read());
    TxnResponse answer = client.change(calls -> calls.txn(request));
    output.print(answer, lines -> AnswerText.print(lines, answer));
    return 0;
  }

  private List<String> read() throws IOException {
    List<String> lines = new ArrayList<>();
    InputLines input = new InputLines(System.in);
    TerminalNotes.awaitInput("conditions and requests, an empty line after each part,");
    for (String section : SECTIONS) {
      if (interactive) {
        output.printLine(section);
      }
      String line = input.next();
      while (line != null && !TxnText.stripped(line).isEmpty()) {
        lines.add(line);
        line = input.next();
      }
      lines.add("");
    }
    return lines;
  }
}
