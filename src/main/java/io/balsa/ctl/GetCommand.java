package io.balsa.ctl;

import io.balsa.client.EtcdCalls;
import io.balsa.client.RangeParts;
import io.balsa.client.RequestFailed;
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

  @Override
  public Integer call() throws RequestFailed {
    RangeRequest request = range.request();
    if (output.format == OutputOptions.Format.simple && RangeParts.suits(request)) {
      printParts(request);
      return 0;
    }
    RangeResponse answer = client.ask(calls -> calls.range(request));
    output.print(answer, () -> simple(answer), () -> AnswerText.table(answer));
    return 0;
  }

  private void printParts(RangeRequest request) throws RequestFailed {
    try (EtcdCalls calls = EtcdCalls.repeating(client.addresses(), client.timeout());
        RangeParts parts = new RangeParts(calls, request, client.timeout())) {
      for (RangeResponse part = parts.next(); part != null; part = parts.next()) {
        output.printText(simple(part));
      }
    }
  }

  private String simple(RangeResponse answer) {
    if (range.countOnly) {
      return String.valueOf(answer.getCount());
    }
    return valuesOnly ? AnswerText.values(answer) : AnswerText.of(answer);
  }
}
