package io.balsa.cli;

import io.balsa.check.History;
import io.balsa.check.LinearizabilityChecker;
import io.balsa.check.Model;
import io.balsa.check.Verdict;
import io.balsa.client.ClientSettings;
import io.balsa.ctl.BadInput;
import io.balsa.ctl.ClientTlsOptions;
import io.balsa.ctl.FileTroubles;
import io.balsa.ctl.LoginOptions;
import io.balsa.ctl.ProgressLine;
import io.balsa.mutants.BadMutant;
import io.balsa.mutants.Mutant;
import io.balsa.processes.Launch;
import io.balsa.processes.SecurityWish;
import io.balsa.tls.TlsListener;
import io.balsa.verify.Verify;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Checks whether a cluster's answers are linearizable and its watches complete. */
@Command(
    name = "verify",
    description = {
      "Many clients send requests to a cluster and record the answers; the checker looks for an",
      "order that explains all answers. It also checks the events that watchers recorded.",
      "Without --endpoints it starts three servers of its own and injects faults meanwhile.",
      "With --auth the clients are users whose rights change; no answer may go beyond a right.",
      "Exit code 0: linearizable, and etcd's guarantees for watches hold; 1: refuted, with a",
      "counter-example; 3: unknown, which proves nothing."
    },
    footer = {
      "",
      "Examples:",
      "  balsa verify --seconds=120 --faults=kill,pause,partition",
      "  balsa verify --tls --auth    # users whose rights change, too",
      "  balsa verify --endpoints=10.0.0.1:2379,10.0.0.2:2379    # any server of etcd v3",
      "  balsa verify --history=recorded.log    # a register history, Jepsen's or ours"
    })
final class VerifyCommand implements Callable<Integer> {
  private static final int REFUTED = 1;
  private static final int UNKNOWN = 3;

  @Spec private CommandSpec spec;

  @Option(
      names = "--endpoints",
      paramLabel = "HOST:PORT,...",
      description = "servers to ask; three of its own when not given")
  private @Nullable String endpoints;

  @Option(
      names = "--faults",
      paramLabel = "KIND,...",
      description = "faults of its own servers: kill, pause, partition, none (all three)")
  private @Nullable String faults;

  @Option(names = "--seconds", paramLabel = "N", description = "how long (${DEFAULT-VALUE})")
  private int seconds = 120;

  @Option(
      names = "--clients",
      paramLabel = "N",
      description = "number of clients (${DEFAULT-VALUE})")
  private int clients = 12;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "directory for history.txt, watches.txt and timeline.html (${DEFAULT-VALUE})")
  private Path out = Path.of("verify-report");

  @Option(
      names = "--keep",
      description = "keep the data of its own servers also when nothing was refuted")
  private boolean keep;

  @Option(
      names = "--server-command",
      paramLabel = "COMMAND",
      description = "start servers of another build with it, such as 'other/balsa'")
  private @Nullable String serverCommand;

  @Option(
      names = "--mutant",
      paramLabel = "FILE",
      description = "plant a known bug in its own servers; docs/verification.md has the form")
  private @Nullable Path mutant;

  @Option(
      names = "--sources",
      paramLabel = "FOLDER",
      description = "where the sources are for --mutant (beside the launcher)")
  private @Nullable Path sources;

  @Option(
      names = "--history",
      paramLabel = "FILE",
      description = "check a recorded history, without a cluster")
  private @Nullable Path history;

  @Mixin private SecurityOptions security = new SecurityOptions();

  @Mixin private ClientTlsOptions tls = new ClientTlsOptions();

  @Mixin private LoginOptions login = new LoginOptions();

  @Override
  public Integer call() {
    PrintWriter print = spec.commandLine().getOut();
    if (history != null) {
      return exitCode(judged(history, print));
    }
    Verify.Plan plan = plan();
    try (ProgressLine _ =
        ProgressLine.of("requests and faults for " + seconds + " s, then checks")) {
      return exitCode(Verify.run(plan, print));
    }
  }

  private static int exitCode(Verify.Outcome outcome) {
    return outcome.isGood() ? 0 : outcome.isRefuted() ? REFUTED : UNKNOWN;
  }

  private static int exitCode(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Ok _ -> 0;
      case Verdict.Illegal _ -> REFUTED;
      case Verdict.Unknown _ -> UNKNOWN;
    };
  }

  private Verify.Plan plan() {
    if (seconds < 1 || clients < 1) {
      throw new BadInput("--seconds and --clients are at least 1");
    }
    boolean own = endpoints == null;
    if (!own && faults != null && !faults.equals("none")) {
      throw new BadInput("--faults are for servers of its own: leave out --endpoints, or say none");
    }
    if (!own && !security.wish().equals(SecurityWish.NONE)) {
      throw new BadInput(
          "--tls and --auth are for servers of its own; with --endpoints give --cacert and --user");
    }
    return new Verify.Plan(
        own ? launch() : Launch.ofThisProcess(),
        own ? Verify.Running.NONE : running(String.valueOf(endpoints)),
        security.wish(),
        faults(),
        Duration.ofSeconds(seconds),
        clients,
        out,
        keep);
  }

  private Verify.Running running(String typed) {
    return new Verify.Running(
        tls.addresses("--endpoints", typed),
        ClientSettings.DEFAULT.with(tls.tls(TlsListener.NONE)).as(login.credentials()));
  }

  private List<Verify.Fault> faults() {
    if (faults == null) {
      return List.of(Verify.Fault.values());
    }
    return Arrays.stream(faults.split(","))
        .map(String::strip)
        .filter(word -> !word.equals("none"))
        .map(VerifyCommand::fault)
        .toList();
  }

  private static Verify.Fault fault(String word) {
    try {
      return Verify.Fault.valueOf(word.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException _) {
      throw new BadInput("--faults: there is no '" + word + "', only kill, pause, partition, none");
    }
  }

  private Launch launch() {
    if (mutant != null) {
      return mutated(mutant);
    }
    return serverCommand == null
        ? Launch.ofThisProcess()
        : new Launch(List.of(serverCommand.strip().split("\\s+")), Map.of());
  }

  private Launch mutated(Path file) {
    Path folder = out.resolve("mutant");
    try {
      Mutant planted = Mutant.read(file);
      for (var compiled : planted.compile(MutantOptions.sources(sources)).entrySet()) {
        Path target = folder.resolve(compiled.getKey().replace('.', '/') + ".class");
        Files.createDirectories(target.resolveSibling("."));
        Files.write(target, compiled.getValue());
      }
      return Launch.withClasses(folder);
    } catch (BadMutant e) {
      throw new BadInput(String.valueOf(e.getMessage()));
    } catch (IOException e) {
      throw new BadInput("--out: cannot write to " + folder + ": " + FileTroubles.line(e));
    }
  }

  private static Verdict judged(Path file, PrintWriter print) {
    History read = read(file);
    boolean revisions = read.toText().contains(" revision=");
    Verdict verdict =
        new LinearizabilityChecker(revisions ? Model.kv() : Model.register()).check(read);
    print.println(read.operations().size() + " operations: " + verdict);
    return verdict;
  }

  private static History read(Path file) {
    try {
      History read = History.parse(Files.readString(file));
      if (read.operations().isEmpty()) {
        throw new BadInput("--history: " + file + " holds no operations");
      }
      return read;
    } catch (IOException e) {
      throw new BadInput("--history: " + FileTroubles.line(e));
    } catch (IllegalArgumentException e) {
      throw new BadInput("--history: " + e.getMessage());
    }
  }
}
