package io.balsa.ctl.cluster;

import io.balsa.bytes.HostPort;
import io.balsa.client.RequestFailed;
import io.balsa.ctl.BadInput;
import io.balsa.ctl.ClientOptions;
import io.balsa.ctl.Ending;
import io.balsa.ctl.OutputOptions;
import io.balsa.ctl.ProgressLine;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Checks how much memory a server takes for data, with etcdctl's loads. */
@Command(
    name = "datascale",
    description = {
      "Puts many keys of 1 KiB, and shows by how much the memory of the first endpoint grew.",
      "Deletes the keys afterwards.",
      "",
      "Loads: s 10000 keys by 50 clients, m 100000 by 200, l 1000000 by 500, xl 3000000 by 1000."
    },
    mixinStandardHelpOptions = true)
final class CheckDatascaleCommand implements Callable<Integer> {
  private static final List<Integer> KEYS = List.of(10_000, 100_000, 1_000_000, 3_000_000);
  private static final List<Integer> CLIENTS = List.of(50, 200, 500, 1_000);
  private static final int HALF_BYTES = 512;
  private static final String METRIC = "process_resident_memory_bytes ";

  @Spec private CommandSpec spec;
  @Mixin private ClientOptions client;
  @Mixin private OutputOptions output;
  @Mixin private CheckOptions options;

  @Option(
      names = "--prefix",
      paramLabel = "PREFIX",
      description = "where to put the keys (${DEFAULT-VALUE})")
  private String prefix = "/etcdctl-check-datascale/";

  @Option(names = "--keys", hidden = true, description = "how many (those of the load)")
  private int keys;

  @Override
  public Integer call() throws RequestFailed, IOException {
    int wanted = keys == 0 ? KEYS.get(options.size()) : keys;
    int clients = CLIENTS.get(options.size());
    CheckOptions.refuseKeys(client, prefix);
    PrintWriter out = spec.commandLine().getOut();
    double before = memory();
    output.printLine(
        "Start data scale check for work load [%d key-value pairs, %d bytes per key-value, %d concurrent clients]."
            .formatted(wanted, 2 * HALF_BYTES, clients));
    Ending ending = Ending.listen(false, false);
    CheckLoad.Plan plan =
        new CheckLoad.Plan(prefix, HALF_BYTES, HALF_BYTES, clients, wanted, 0, Long.MAX_VALUE);
    CheckLoad.Result result;
    double after;
    try {
      result = load(plan, ending);
      after = memory();
    } finally {
      options.cleanUp(client, prefix, out);
    }
    if (ending.requested().isDone()) {
      return ending.exitCode();
    }
    List<String> errors = CheckPerfCommand.errors(result);
    errors.forEach(out::println);
    if (errors.isEmpty()) {
      out.println(
          String.format(
              Locale.ROOT,
              "PASS: Approximate system memory used : %.2f MB.",
              (after - before) / (1 << 20)));
    }
    return errors.isEmpty() ? 0 : 1;
  }

  private CheckLoad.Result load(CheckLoad.Plan plan, Ending ending) {
    try (ProgressLine progress = ProgressLine.of("checking")) {
      return CheckLoad.run(client, plan, ending.requested(), progress);
    }
  }

  /** The resident memory of the first endpoint, from its metrics. */
  private double memory() throws IOException {
    HostPort address = client.addresses().getFirst();
    if (address.isSecure()) {
      throw new BadInput("the metrics page is read without TLS: give a server's http:// address");
    }
    HttpURLConnection page =
        (HttpURLConnection) URI.create("http://" + address + "/metrics").toURL().openConnection();
    page.setConnectTimeout((int) client.timeout().toMillis());
    page.setReadTimeout((int) client.timeout().toMillis());
    try (InputStream in = page.getInputStream()) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> line.startsWith(METRIC))
          .mapToDouble(line -> Double.parseDouble(line.substring(METRIC.length()).strip()))
          .findFirst()
          .orElseThrow(
              () ->
                  new BadInput(
                      address + " has no metric process_resident_memory_bytes: is it a server?"));
    } finally {
      page.disconnect();
    }
  }
}
