package io.balsa.ctl.kv;

import io.balsa.client.EtcdCalls;
import io.balsa.client.RangeParts;
import io.balsa.client.RequestFailed;
import io.balsa.ctl.BadInput;
import io.balsa.ctl.ClientOptions;
import io.balsa.ctl.OutputOptions;
import io.balsa.forms.AnswerText;
import io.balsa.forms.Form;
import io.balsa.forms.Lines;
import io.balsa.forms.RangeForm;
import io.balsa.proto.etcdserverpb.RangeRequest;
import io.balsa.proto.etcdserverpb.RangeResponse;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Reads keys. */
@Command(
    name = "get",
    description = "Reads a key or a range of keys.",
    footer = {
      "",
      "Examples:",
      "  balsa get greeting",
      "  balsa get --prefix users/ --limit=10 --keys-only",
      "  balsa get a m --rev=42 --sort-by=modify --order=descend -w json"
    })
public final class GetCommand implements Callable<Integer> {
  @Mixin private ClientOptions client;
  @Mixin private OutputOptions output;
  @Mixin private RangeOptions range;

  @Option(names = "--print-value-only", description = "print only the values")
  private boolean valuesOnly;

  @Option(
      names = "--stream",
      description =
          "read a large answer in parts; where the output is the same, that is done anyway")
  boolean stream;

  @Override
  public Integer call() throws RequestFailed {
    RangeRequest request = range.request();
    if (valuesOnly && output.form() != Form.simple) {
      throw new BadInput("--print-value-only goes with -w simple only");
    }
    if (comesInParts(request)) {
      printParts(request);
      return 0;
    }
    RangeResponse answer = client.ask(calls -> calls.range(request));
    output.print(answer, lines -> printSimple(lines, answer), () -> AnswerText.table(answer));
    return 0;
  }

  /** The other forms say how many keys there are, which only the last part of all keys shows. */
  private boolean comesInParts(RangeRequest request) {
    boolean whole = output.form() == Form.simple || request.getLimit() == 0;
    return RangeForm.suits(output.form()) && whole && !range.filters() && RangeParts.suits(request);
  }

  private void printParts(RangeRequest request) throws RequestFailed {
    RangeForm form = new RangeForm(output.lines(), output.form(), valuesOnly);
    try (EtcdCalls calls = client.calls();
        RangeParts parts = new RangeParts(calls, request, client.timeout())) {
      form.begin(parts.header());
      for (RangeResponse part = parts.next(); part != null; part = parts.next()) {
        form.print(part);
      }
    }
    form.end();
  }

  private void printSimple(Lines lines, RangeResponse answer) {
    if (range.countOnly) {
      lines.line(String.valueOf(answer.getCount()));
    } else if (valuesOnly) {
      AnswerText.printValues(lines, answer);
    } else {
      AnswerText.print(lines, answer);
    }
  }
}
