package io.balsa.cli;

import io.balsa.ctl.BadInput;
import io.balsa.mutants.BadMutant;
import io.balsa.mutants.Hunt;
import io.balsa.mutants.Mutant;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options for planting known bugs and finding them. */
final class MutantOptions {
  private static final int CHECK_WIDTH = 160;

  @Option(
      names = "--mutant",
      paramLabel = "FILE",
      description = {
        "plant a known bug and see whether a seed finds it; may be given more than once;",
        "docs/verification.md has the form; exit code 1 when none finds it"
      })
  private List<Path> files = new ArrayList<>();

  @Option(
      names = "--mutants",
      paramLabel = "FOLDER",
      description = "the same with every *.mutant of a folder")
  private @Nullable Path folder;

  @Option(
      names = "--sources",
      paramLabel = "FOLDER",
      description = "where the sources are (beside the launcher)")
  private @Nullable Path sources;

  /** Whether any are asked for. */
  boolean areGiven() {
    return folder != null || !files.isEmpty();
  }

  /** Hunts them all, two at a time. */
  int hunt(long first, int seeds, Duration faults, PrintStream out) {
    Hunt hunt = new Hunt(sources(), first, seeds, faults);
    Tally tally = new Tally(out);
    try (ExecutorService two = Executors.newFixedThreadPool(2)) {
      List<Future<Hunt.Outcome>> hunts = new ArrayList<>();
      List<Mutant> mutants = mutants();
      mutants.forEach(mutant -> hunts.add(two.submit(() -> hunt.hunt(mutant))));
      for (int i = 0; i < mutants.size(); i++) {
        tally.add(mutants.get(i), hunts.get(i));
      }
    } catch (BadMutant e) {
      throw new BadInput(String.valueOf(e.getMessage()));
    }
    return tally.end();
  }

  private List<Mutant> mutants() throws BadMutant {
    List<Mutant> mutants = new ArrayList<>();
    for (Path file : files) {
      mutants.add(Mutant.read(file));
    }
    if (folder != null) {
      mutants.addAll(Mutant.readAll(folder));
    }
    return mutants;
  }

  private Path sources() {
    return sources(sources);
  }

  /** The directory of the sources: the given one, otherwise the launcher's. */
  static Path sources(@Nullable Path sources) {
    Path launcher = Path.of(System.getProperty("balsa.launcher", "balsa")).toAbsolutePath();
    Path found = sources == null ? launcher.getParent() : sources;
    if (found == null || !Files.isDirectory(found.resolve("src/main/java"))) {
      throw new BadInput(
          found + " holds no src/main/java: say where the sources are with --sources");
    }
    return found;
  }

  /** Prints the outcome of each hunt. */
  private static final class Tally {
    private final List<Integer> needed = new ArrayList<>();
    private final PrintStream out;
    private int all;
    private int bad;

    Tally(PrintStream out) {
      this.out = out;
    }

    void add(Mutant mutant, Future<Hunt.Outcome> hunt) {
      all++;
      out.printf(Locale.ROOT, "%-7s %s: %s%n", mutant.bug(), mutant.name(), verdict(hunt));
    }

    private String verdict(Future<Hunt.Outcome> hunt) {
      try {
        return verdict(hunt.get());
      } catch (ExecutionException e) {
        if (e.getCause() instanceof BadMutant problem) {
          bad++;
          return "CANNOT BE TRIED: " + problem.getMessage();
        }
        throw new IllegalStateException(e.getCause());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }

    private String verdict(Hunt.Outcome outcome) {
      String check = outcome.check();
      if (check == null) {
        return "SURVIVES " + outcome.seeds() + " seeds";
      }
      needed.add(outcome.seeds());
      return "caught by seed %d, the %d. tried: %s"
          .formatted(outcome.lastSeed(), outcome.seeds(), shortened(check));
    }

    private static String shortened(String check) {
      String line = check.lines().findFirst().orElse("");
      return line.length() <= CHECK_WIDTH ? line : line.substring(0, CHECK_WIDTH) + "...";
    }

    /** Prints the sum and returns the exit code. */
    int end() {
      List<Integer> sorted = needed.stream().sorted().toList();
      String caught = sorted.size() + " of " + all + " caught";
      out.println(
          sorted.isEmpty()
              ? caught
              : "%s; seeds needed: median %d, at most %d"
                  .formatted(caught, sorted.get(sorted.size() / 2), sorted.getLast()));
      if (bad > 0) {
        return 2;
      }
      return sorted.size() == all ? 0 : 1;
    }
  }
}
