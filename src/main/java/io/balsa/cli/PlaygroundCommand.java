package io.balsa.cli;

import io.balsa.ctl.BadInput;
import io.balsa.ctl.Colours;
import io.balsa.ctl.Ending;
import io.balsa.processes.Launch;
import io.balsa.processes.Playground;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Starts a cluster for trying things out. */
@Command(
    name = "playground",
    description = {
      "Starts three servers and a proxy on this machine, with a prompt to use and to stop them.",
      "Without a terminal it runs until a signal ends it."
    },
    footer = {
      "",
      "The data stay in one directory; the next start uses them again.",
      "",
      "Examples:",
      "  balsa playground",
      "  balsa playground --tls --auth",
      "  balsa playground --data-dir=my-playground --base-port=30000"
    })
final class PlaygroundCommand implements Callable<Integer> {
  private static final int INTERRUPTED = 130;

  @Spec private CommandSpec spec;

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description = "where data and logs are kept (${DEFAULT-VALUE})")
  private Path directory = Path.of("playground-data");

  @Option(
      names = "--base-port",
      paramLabel = "PORT",
      description = "the proxy's port; servers take the next (those of the last run, or free ones)")
  private int basePort;

  @Mixin private SecurityOptions security = new SecurityOptions();

  @Override
  public Integer call() throws IOException {
    if (basePort != 0 && (basePort < 1_024 || basePort > 65_500)) {
      throw new BadInput("--base-port: " + basePort + " is not between 1024 and 65500");
    }
    Playground.Plan plan =
        new Playground.Plan(Launch.ofThisProcess(), directory, basePort, security.wish());
    if (Colours.isTerminal()) {
      return withPrompt(plan);
    }
    untilEnded(plan);
    return 0;
  }

  private int withPrompt(Playground.Plan plan) throws IOException {
    try (Prompt prompt = Prompt.open()) {
      prompt.say("starting three servers and a proxy; Ctrl+C gives up ...");
      AtomicReference<@Nullable Playground> started = new AtomicReference<>();
      boolean up = prompt.interruptible(() -> started.set(Playground.start(plan, prompt::say)));
      Playground begun = started.get();
      if (!up || begun == null) {
        return INTERRUPTED; // servers end with the process that started them
      }
      try (Playground playground = begun) {
        prompt.say(introduction(playground));
        prompt.say("Or type here: put hello world, get hello, status, kill leader, help, quit.");
        prompt.run(Prompt.Target.of(playground));
        prompt.say("ending ...");
      }
      return 0;
    }
  }

  private void untilEnded(Playground.Plan plan) {
    PrintWriter out = spec.commandLine().getOut();
    Ending ending = Ending.listen(false, false);
    out.println("starting three servers and a proxy ...");
    try (Playground playground = Playground.start(plan, out::println)) {
      out.println(introduction(playground));
      out.println("Running until ended (Ctrl+C).");
      ending.await();
      out.println("ending ...");
    }
  }

  private static String introduction(Playground playground) {
    return """
    Three servers (%s)
    and a proxy (%s) are up. Data and logs are in
      %s
    Try in another terminal:
      %s\
    """
        .formatted(
            playground.serverAddresses(),
            playground.proxyAddress(),
            playground.directory(),
            String.join("\n  ", tries(playground)));
  }

  private static List<String> tries(Playground playground) {
    if (!playground.isSecured()) {
      String etcdctl = "etcdctl --endpoints=" + playground.proxyAddress();
      return List.of(etcdctl + " put hello world", etcdctl + " get hello");
    }
    return List.of(
        playground.environmentLine() + "    # says how to reach it; for your eyes only",
        "etcdctl put hello world",
        "balsa get hello");
  }
}
